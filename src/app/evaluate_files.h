#pragma once
// From files of hypotheses and references to scores on standard output.

#include <array>
#include <string>
#include <vector>

#include "base/enum_names.h"
#include "metrics/metric_tokenizer.h"

namespace weft {

enum class Metric { kBleu, kChrf, kChrfPlusPlus, kWer, kCer, kCider, kRougeL };

constexpr auto enum_names(Metric) {
  return std::array{EnumName{Metric::kBleu, "bleu"},
                    EnumName{Metric::kChrf, "chrf"},
                    EnumName{Metric::kChrfPlusPlus, "chrf++"},
                    EnumName{Metric::kWer, "wer"},
                    EnumName{Metric::kCer, "cer"},
                    EnumName{Metric::kCider, "cider"},
                    EnumName{Metric::kRougeL, "rouge-l"}};
}

enum class ScoreStyle {
  kLine,   ///< "BLEU|signature = score details"
  kJson,   ///< an array of objects
  kScore,  ///< the score alone, a line for each metric
};

struct EvaluationTask {
  std::string input = "-";              ///< hypotheses; "-": standard input
  std::vector<std::string> references;  ///< files, each with a reference for every hypothesis
  std::vector<Metric> metrics = {Metric::kBleu, Metric::kChrf};
  MetricTokenizer tokenizer = MetricTokenizer::k13a;  ///< of BLEU, CIDEr and ROUGE
  bool lowercase = false;
  ScoreStyle style = ScoreStyle::kLine;
};

/// Throws UserError if the files cannot be read, or have different numbers of lines, or none.
void evaluate_files(const EvaluationTask& task);

}  // namespace weft
