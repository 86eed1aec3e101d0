#include "aligner/aligner_text.h"

#include <numeric>

namespace weft {
namespace {

/// `begins`: of all tokens, or none if every token is a word.
std::vector<std::size_t> word_numbers(const TextSide& side, std::size_t k,
                                      const std::vector<bool>& begins) {
  std::vector<std::size_t> numbers(side.length(k));
  if (begins.empty()) {
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
  }
  std::size_t words = 0;
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    if (begins[side.begin(k) + n]) ++words;
    numbers[n] = words - 1;
  }
  return numbers;
}

std::size_t count(const std::vector<std::size_t>& numbers) {
  return numbers.empty() ? 0 : numbers.back() + 1;
}

}  // namespace

void AlignerText::add_words(const AlignerLine& line, std::vector<bool>& begins_word) const {
  if (splitting_ == WordSplitting::kWhitespace) return;
  for (std::size_t n = 0; n < line.tokens.size(); ++n)
    begins_word.push_back(n == 0 || line.word_of[n] != line.word_of[n - 1]);
}

void AlignerText::add(const std::string& source, const std::string& target) {
  const auto source_line = aligner_line(source, splitting_);
  const auto target_line = aligner_line(target, splitting_);
  add_pair(bitext_, source, source_line, target, target_line);
  add_words(source_line, source_begins_);
  add_words(target_line, target_begins_);
}

std::vector<std::size_t> AlignerText::source_words(std::size_t k) const {
  return word_numbers(bitext_.source, k, source_begins_);
}

std::vector<std::size_t> AlignerText::target_words(std::size_t k) const {
  return word_numbers(bitext_.target, k, target_begins_);
}

PairLength AlignerText::words(std::size_t k) const {
  return {count(source_words(k)), count(target_words(k))};
}

std::vector<Link> AlignerText::links_of_words(std::size_t k, const std::vector<Link>& links) const {
  const auto source = source_words(k), target = target_words(k);
  std::vector<Link> result;
  result.reserve(links.size());
  for (const auto& link : links)
    result.push_back({static_cast<int>(source[static_cast<std::size_t>(link.source)]),
                      static_cast<int>(target[static_cast<std::size_t>(link.target)])});
  return as_set(std::move(result));
}

}  // namespace weft
