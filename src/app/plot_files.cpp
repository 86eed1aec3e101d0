#include "app/plot_files.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <utility>

#include "align/svg_png.h"
#include "app/named_files.h"
#include "app/output.h"
#include "app/parallel_lines.h"
#include "base/atomic_file.h"
#include "base/byte_source.h"
#include "base/error.h"
#include "base/log.h"
#include "plot/chart_svg.h"
#include "plot/event_file.h"
#include "plot/length_curves.h"
#include "plot/metrics_log.h"

namespace weft {
namespace {

std::vector<MetricsLog> read_logs(const std::vector<NamedFile>& files) {
  Problems problems;
  std::vector<MetricsLog> logs;
  for (const auto& file : files) {
    try {
      logs.push_back(read_metrics_log(file.name, file.path, problems));
    } catch (const UserError& error) {
      problems.add(error.what());
    }
  }
  problems.throw_if_any();
  return logs;
}

/// When the last event was, less what it had taken: metrics have no clock.
double beginning_of(const MetricsLog& log) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(log.path, error);
  if (error) return 0;
  const auto since_1970 = std::chrono::file_clock::to_sys(written).time_since_epoch();
  const double end = std::chrono::duration<double>(since_1970).count();
  const double taken = log.events.back().seconds;
  return std::isfinite(taken) ? end - taken : end;
}

/// A file with the same name each time, so that TensorBoard sees no event twice.
void write_event_files(const std::string& directory, const std::vector<MetricsLog>& logs) {
  for (const auto& log : logs) {
    auto name = log.name;
    std::replace(name.begin(), name.end(), '/', '_');
    const auto path = (std::filesystem::path(directory) / name).string();
    make_directories(path);
    write_file_atomically(path + "/events.out.tfevents.0.weft", event_file(log, beginning_of(log)));
  }
  log_info("event files of " + std::to_string(logs.size()) +
           (logs.size() == 1 ? " run are in " : " runs are in ") + directory);
}

Figure figure_of_lengths(const PlotTask& task, const std::vector<NamedFile>& files) {
  if (task.source.empty())
    throw UserError(
        "references (--references) are given; expected -s FILE with the source as well, whose "
        "words are counted");
  if (!std::is_sorted(task.lengths.begin(), task.lengths.end(), std::less_equal<>()))
    throw UserError("--lengths do not rise");
  auto paths = paths_of(files);
  paths.insert(paths.begin(), task.references.begin(), task.references.end());
  paths.insert(paths.begin(), task.source);
  ParallelLines lines(paths);
  auto all = lines.take_all().files;
  if (all.front().empty()) throw UserError({display_name(task.source)}, "holds no lines");
  const auto first = all.begin() + 1;
  const auto behind = first + static_cast<std::ptrdiff_t>(task.references.size());
  const std::vector<std::vector<std::string>> references(first, behind);
  std::vector<NamedHypotheses> systems;
  for (std::size_t k = 0; k < files.size(); ++k)
    systems.push_back({files[k].name, std::move(behind[static_cast<std::ptrdiff_t>(k)])});
  return length_curves(all.front(), references, systems, task.lengths,
                       {.tokenizer = task.tokenizer, .lowercase = task.lowercase});
}

PlotFormat format_of(const PlotTask& task) {
  if (task.format) return *task.format;
  if (task.output.ends_with(".png")) return PlotFormat::kPng;
  const bool is_svg = task.output.ends_with(".svg") || task.output.ends_with(".svg.gz");
  return is_svg ? PlotFormat::kSvg : PlotFormat::kText;
}

std::string drawn(const Figure& figure, const PlotTask& task) {
  const auto format = format_of(task);
  if (format == PlotFormat::kText) return figure_text(figure, task.text);
  const auto svg = figure_svg(figure);
  return format == PlotFormat::kPng ? svg_to_png(svg) : svg;
}

}  // namespace

void plot_files(const PlotTask& task) {
  const auto files = named_files(task.runs, "metrics.jsonl", kMostRuns);
  const bool by_length = !task.references.empty() || !task.source.empty();
  if (by_length && task.references.empty())
    throw UserError("a source is given; expected -r FILE with a reference as well");
  auto inputs = paths_of(files);
  inputs.insert(inputs.end(), task.references.begin(), task.references.end());
  if (!task.source.empty()) inputs.push_back(task.source);
  const bool draws = task.tensorboard.empty() || !task.output.empty();
  std::optional<Output> output;
  if (draws) output.emplace(task.output.empty() ? "-" : task.output, inputs);
  const auto logs = by_length ? std::vector<MetricsLog>{} : read_logs(files);
  if (!task.tensorboard.empty()) write_event_files(task.tensorboard, logs);
  if (!draws) return;
  const auto picture = drawn(
      by_length ? figure_of_lengths(task, files) : learning_curves(logs, task.values, task.scale),
      task);
  output->start();
  output->stream() << picture;
  output->finish();
}

}  // namespace weft
