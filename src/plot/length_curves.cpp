#include "plot/length_curves.h"

#include <algorithm>
#include <cstdio>

#include "base/words.h"

namespace weft {
namespace {

using Lines = std::vector<std::string>;

Lines chosen(const Lines& lines, const std::vector<std::size_t>& numbers) {
  Lines some;
  for (const auto number : numbers) some.push_back(lines[number]);
  return some;
}

/// The numbers of the lines by category; one more category than ends.
std::vector<std::vector<std::size_t>> lines_by_length(const Lines& source,
                                                      const std::vector<std::size_t>& ends) {
  std::vector<std::vector<std::size_t>> lines(ends.size() + 1);
  for (std::size_t i = 0; i < source.size(); ++i) {
    const auto words = split_words(source[i]).size();
    const auto end = std::lower_bound(ends.begin(), ends.end(), words);
    lines[static_cast<std::size_t>(end - ends.begin())].push_back(i);
  }
  return lines;
}

/// "0–10", "11–20", "over 20".
std::string category(const std::vector<std::size_t>& ends, std::size_t k) {
  if (k == ends.size()) return ends.empty() ? "all" : "over " + std::to_string(ends.back());
  return std::to_string(k == 0 ? 0 : ends[k - 1] + 1) + "–" + std::to_string(ends[k]);
}

}  // namespace

Figure length_curves(const Lines& source, const std::vector<Lines>& references,
                     const std::vector<NamedHypotheses>& systems,
                     const std::vector<std::size_t>& ends, const BleuOptions& options) {
  Figure figure;
  auto& chart = figure.charts.emplace_back();
  chart.title = "BLEU (tokenizer " + std::string(to_name(options.tokenizer)) +
                (options.lowercase ? ", lower case)" : ")");
  for (const auto& system : systems) {
    figure.runs.push_back(system.name);
    chart.curves.push_back({figure.runs.size() - 1, "", true, {}});
  }
  const auto lines = lines_by_length(source, ends);
  for (std::size_t k = 0; k < lines.size(); ++k) {
    const auto& numbers = lines[k];
    if (numbers.empty()) continue;
    std::vector<Lines> some;
    for (const auto& reference : references) some.push_back(chosen(reference, numbers));
    const auto x = static_cast<double>(chart.categories.size());
    chart.categories.push_back(category(ends, k));
    for (std::size_t s = 0; s < systems.size(); ++s) {
      const auto bleu = corpus_bleu(chosen(systems[s].lines, numbers), some, options);
      char note[80];
      std::snprintf(note, sizeof note, "%s words, %zu lines: BLEU %.2f",
                    chart.categories.back().c_str(), numbers.size(), bleu.score);
      chart.curves[s].points.push_back({x, bleu.score, note});
    }
  }
  chart.x_title = "words of the source (lines:";
  for (const auto& numbers : lines)
    if (!numbers.empty()) chart.x_title += ' ' + std::to_string(numbers.size());
  chart.x_title += ')';
  return figure;
}

}  // namespace weft
