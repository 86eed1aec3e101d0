#include "metrics/ngrams.h"

#include <algorithm>

#include "base/span.h"
#include "base/utf8.h"

namespace weft {

namespace {

// Every run of `order` neighbouring units is one stretch of the text they came from.
std::vector<NgramCounts> count_runs(std::string_view text, const std::vector<Span>& units,
                                    std::size_t max_order) {
  std::vector<NgramCounts> counts(max_order);
  for (std::size_t order = 1; order <= max_order; ++order) {
    for (std::size_t first = 0; first + order <= units.size(); ++first) {
      const std::size_t begin = units[first].begin;
      const std::size_t end = units[first + order - 1].end;
      ++counts[order - 1][text.substr(begin, end - begin)];
    }
  }
  return counts;
}

}  // namespace

std::vector<NgramCounts> count_word_ngrams(std::string_view text, std::size_t max_order) {
  std::vector<Span> words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    words.push_back({begin, end});
    begin = end + 1;
  }
  return count_runs(text, words, max_order);
}

std::vector<NgramCounts> count_character_ngrams(std::string_view text, std::size_t max_order) {
  std::vector<Span> characters;
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t begin = offset;
    next_code_point(text, offset);
    characters.push_back({begin, offset});
  }
  return count_runs(text, characters, max_order);
}

std::int64_t total_count(const NgramCounts& counts) {
  std::int64_t total = 0;
  for (const auto& [ngram, count] : counts) total += count;
  return total;
}

std::int64_t matched_count(const NgramCounts& hypothesis, const NgramCounts& reference) {
  std::int64_t matched = 0;
  for (const auto& [ngram, count] : hypothesis) {
    const auto found = reference.find(ngram);
    if (found != reference.end()) matched += std::min(count, found->second);
  }
  return matched;
}

}  // namespace weft
