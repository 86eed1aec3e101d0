#pragma once
// From metrics of runs, or from translations, to a figure.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/enum_names.h"
#include "metrics/metric_tokenizer.h"
#include "plot/chart_text.h"
#include "plot/learning_curves.h"

namespace weft {

enum class PlotFormat { kText, kSvg, kPng };

constexpr auto enum_names(PlotFormat) {
  return std::array{EnumName{PlotFormat::kText, "text"}, EnumName{PlotFormat::kSvg, "svg"},
                    EnumName{PlotFormat::kPng, "png"}};
}

struct PlotTask {
  /// "[NAME=]FILE": metrics.jsonl or the directory of a model that has it; with references,
  /// hypotheses. Without a name the directory or the file gives it.
  std::vector<std::string> runs;
  std::vector<std::string> values;  ///< keys of metrics; none: the usual ones
  CurveScale scale = CurveScale::kUpdates;
  std::string tensorboard;  ///< directory for event files; "": none, and the figure is written

  std::string source;                   ///< of the hypotheses
  std::vector<std::string> references;  ///< if there are any, BLEU by length is drawn
  std::vector<std::size_t> lengths = {10, 20, 30, 40, 50};
  MetricTokenizer tokenizer = MetricTokenizer::k13a;
  bool lowercase = false;

  std::string output;  ///< "-": standard output; "": that, unless event files are written
  std::optional<PlotFormat> format;  ///< none: svg or png if the output's name ends so, or text
  ChartTextOptions text;
};

/// Throws UserError, before the output is touched, with all mistakes of all files.
void plot_files(const PlotTask& task);

}  // namespace weft
