#include "app/consensus_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "app/output.h"
#include "app/parallel_lines.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/log.h"
#include "text/n_best_line.h"

namespace weft {
namespace {

struct Candidate {
  std::string text;
  double log_weight = 0;
};
using Candidates = std::vector<Candidate>;

/// The number of the feature "NAME= NUMBER".
std::optional<double> feature(const std::string& features, const std::string& name) {
  const auto at = (" " + features).find(" " + name + "= ");
  if (at == std::string::npos) return std::nullopt;
  const char* begin = features.data() + at + name.size() + 2;
  double number = 0;
  const auto read = std::from_chars(begin, features.data() + features.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

/// What a line says of its translation.
NBestLine entry_of(const std::string& line, const Location& place) {
  try {
    return parse_n_best_line(line);
  } catch (const UserError& error) {
    throw UserError(place, error.what());
  }
}

/// The candidates of each line.
std::vector<Candidates> read_list(const std::string& path) {
  const auto lines = read_lines(path);
  const auto name = display_name(path);
  std::vector<Candidates> all;
  const bool plain = std::none_of(lines.begin(), lines.end(), [](const auto& line) {
    return line.find(" ||| ") != std::string::npos;
  });
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (plain) {
      all.push_back({{lines[i]}});
      continue;
    }
    const Location place{name, static_cast<int>(i + 1)};
    auto entry = entry_of(lines[i], place);
    const auto next = all.size();
    if (entry.id > next || entry.id + 1 < next)
      throw UserError(place, "the id is " + std::to_string(entry.id) + "; expected " +
                                 (next > 0 ? std::to_string(next - 1) + " or " : "") +
                                 std::to_string(next) + ", the order of the source lines");
    if (entry.id == next) all.emplace_back();
    const auto log_prob = feature(entry.features, "F0");
    all.back().push_back({std::move(entry.text), log_prob.value_or(entry.score.value_or(0))});
  }
  if (all.empty()) throw UserError({name}, "has no translations");
  return all;
}

void require_equal(const ConsensusTask& task, const std::vector<std::vector<Candidates>>& lists) {
  for (std::size_t k = 1; k < lists.size(); ++k) {
    if (lists[k].size() != lists[0].size())
      throw UserError({display_name(task.lists[k])},
                      "has translations of " + std::to_string(lists[k].size()) + " lines, but " +
                          display_name(task.lists[0]) + " of " + std::to_string(lists[0].size()) +
                          "; expected lists of the same lines");
  }
  if (!task.weights.empty() && task.weights.size() != task.lists.size())
    throw UserError("there are " + std::to_string(task.weights.size()) +
                    " weights of lists (--weights); expected one for each of the " +
                    std::to_string(task.lists.size()) + " lists");
}

/// Adds what each of a list's candidates counts, together `weight`.
void add_evidence(const Candidates& candidates, double weight, bool alike,
                  std::map<std::string, double>& evidence) {
  double best = -std::numeric_limits<double>::infinity();
  for (const auto& candidate : candidates) best = std::max(best, candidate.log_weight);
  std::vector<double> parts;
  for (const auto& candidate : candidates)
    parts.push_back(alike ? 1 : std::exp(candidate.log_weight - best));
  const double sum = std::accumulate(parts.begin(), parts.end(), 0.0);
  for (std::size_t i = 0; i < parts.size(); ++i)
    evidence[candidates[i].text] += weight * parts[i] / sum;
}

}  // namespace

void combine_lists(const ConsensusTask& task) {
  if (task.utility == Utility::kNone) throw UserError("--metric is none; expected bleu or chrf");
  require_different_streams(task.lists);
  std::vector<std::vector<Candidates>> lists;
  for (const auto& path : task.lists) lists.push_back(read_list(path));
  require_equal(task, lists);
  Output output(task.output, task.lists);
  output.start();
  for (std::size_t i = 0; i < lists.front().size(); ++i) {
    std::map<std::string, double> evidence;
    for (std::size_t k = 0; k < lists.size(); ++k)
      add_evidence(lists[k][i], task.weights.empty() ? 1 : task.weights[k], task.alike, evidence);
    output.stream() << least_risk(evidence, task.utility, task.tokenizer) << '\n';
  }
  output.finish();
  log_info("chose among the translations of " + std::to_string(lists.front().size()) +
           " lines in " + std::to_string(lists.size()) + " lists");
}

}  // namespace weft
