#include "app/phrase_parts.h"

#include <limits>
#include <set>
#include <utility>

namespace weft {
namespace {

/// A part with one of the phrases of its line, or with none.
struct Trial {
  std::size_t part = 0;
  const std::string* phrase = nullptr;
  double log_prob = -std::numeric_limits<double>::infinity();
};

/// Translates all trials that are possible.
void run(std::vector<Trial>& trials, const std::vector<LineConstraints>& of_parts,
         const std::vector<std::string>& parts, Translator& translator) {
  std::vector<std::string> lines;
  std::vector<LineConstraints> constraints;
  for (const auto& trial : trials) {
    lines.push_back(parts[trial.part]);
    constraints.push_back(of_parts[trial.part]);
    if (trial.phrase != nullptr) constraints.back().required = {*trial.phrase};
  }
  std::set<std::size_t> impossible;
  for (const auto& mistake : translator.constraint_mistakes({lines}, {}, constraints)) {
    impossible.insert(mistake.index);
    constraints[mistake.index] = {};
  }
  const auto answers = translator.translate_sources({lines}, {}, {}, constraints);
  for (std::size_t i = 0; i < trials.size(); ++i)
    if (impossible.count(i) == 0 && !answers[i].is_impossible)
      trials[i].log_prob = answers[i].n_best.front().log_prob;
}

}  // namespace

std::vector<LineConstraints> constraints_of_parts(const std::vector<LineConstraints>& of_lines,
                                                  const SplitLines& split,
                                                  const std::vector<std::string>& parts,
                                                  Translator& translator) {
  std::vector<LineConstraints> of_parts(parts.size());
  std::vector<Trial> trials;
  for (std::size_t line = 0; line < of_lines.size(); ++line) {
    const auto [first, end] = split.parts_of(line);
    for (std::size_t part = first; part < end; ++part) {
      of_parts[part] = of_lines[line];
      if (end - first > 1) of_parts[part].required.clear();
      if (end - first == 1 || of_lines[line].required.empty()) continue;
      trials.push_back({part});
      for (const auto& phrase : of_lines[line].required) trials.push_back({part, &phrase});
    }
  }
  if (trials.empty()) return of_parts;
  run(trials, of_parts, parts, translator);
  // By line and phrase, in their order: the part of the least loss.
  struct Best {
    std::size_t part = 0;
    double gain = -std::numeric_limits<double>::infinity();
  };
  std::vector<std::pair<const std::string*, Best>> best;
  double without = 0;
  for (const auto& trial : trials) {
    if (trial.phrase == nullptr) {
      without = trial.log_prob;
      continue;
    }
    auto found = best.begin();
    while (found != best.end() && found->first != trial.phrase) ++found;
    if (found == best.end()) found = best.insert(found, {trial.phrase, {trial.part}});
    const double gain = trial.log_prob - without;
    if (gain > found->second.gain) found->second = {trial.part, gain};
  }
  for (const auto& [phrase, where] : best) of_parts[where.part].required.push_back(*phrase);
  return of_parts;
}

}  // namespace weft
