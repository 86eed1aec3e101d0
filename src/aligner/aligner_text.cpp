#include "aligner/aligner_text.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "aligner/pair_aligner.h"
#include "aligner/word_aligner.h"
#include "base/utf8.h"

namespace weft {
namespace {

/// `begins`: of all tokens.
std::vector<std::size_t> word_numbers(const TextSide& side, std::size_t k,
                                      const std::vector<bool>& begins) {
  std::vector<std::size_t> numbers(side.length(k));
  std::size_t words = 0;
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    if (begins[side.begin(k) + n]) ++words;
    numbers[n] = words - 1;
  }
  return numbers;
}

std::vector<std::string_view> keys(const TextSide& side, std::size_t k) {
  std::vector<std::string_view> result;
  for (const auto type : side.sentence(k)) result.push_back(side.types().key(type));
  return result;
}

std::size_t count(const std::vector<std::size_t>& numbers) {
  return numbers.empty() ? 0 : numbers.back() + 1;
}

void add_words(const AlignerLine& line, std::vector<bool>& begins_word) {
  for (std::size_t n = 0; n < line.tokens.size(); ++n)
    begins_word.push_back(n == 0 || line.word_of[n] != line.word_of[n - 1]);
}

}  // namespace

void AlignerText::add(const std::string& source, const std::string& target,
                      AlignerCutting cutting) {
  const auto source_line = aligner_line(source, cutting);
  const auto target_line = aligner_line(target, cutting);
  add_pair(bitext_, source, source_line, target, target_line);
  add_words(source_line, source_begins_);
  add_words(target_line, target_begins_);
}

std::vector<std::string_view> AlignerText::source_tokens(std::size_t k) const {
  return keys(bitext_.source, k);
}

std::vector<std::string_view> AlignerText::target_tokens(std::size_t k) const {
  return keys(bitext_.target, k);
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

namespace {

/// Whether a token is a mark at the edge of a word of letters, such as the full stop of "dog.".
class Edges {
 public:
  Edges(const TextSide& side, std::size_t k, const std::vector<std::size_t>& words)
      : side_(side), types_(side.sentence(k)), words_(words), has_letters_(count(words), false) {
    for (std::size_t n = 0; n < types_.size(); ++n)
      if (!is_mark(n)) has_letters_[words_[n]] = true;
  }
  bool operator()(std::size_t token) const { return is_mark(token) && has_letters_[words_[token]]; }

 private:
  bool is_mark(std::size_t token) const {
    std::size_t offset = 0;
    const auto& key = side_.types().key(types_[token]);
    while (offset < key.size())
      if (u_isalnum(static_cast<UChar32>(next_code_point(key, offset)))) return false;
    return true;
  }

  const TextSide& side_;
  std::span<const WordTypes::Id> types_;
  const std::vector<std::size_t>& words_;
  std::vector<bool> has_letters_;
};

}  // namespace

std::vector<Link> AlignerText::links_of_words(std::size_t k, const std::vector<Link>& links) const {
  const auto source = source_words(k), target = target_words(k);
  const Edges source_edge(bitext_.source, k, source), target_edge(bitext_.target, k, target);
  std::vector<Link> result;
  result.reserve(links.size());
  for (const auto& link : links) {
    const auto s = static_cast<std::size_t>(link.source), t = static_cast<std::size_t>(link.target);
    if (source_edge(s) && target_edge(t)) continue;
    result.push_back({static_cast<int>(source[s]), static_cast<int>(target[t])});
  }
  return as_set(std::move(result));
}

std::vector<float> AlignerText::strengths_of_words(std::size_t k,
                                                   const PairPosteriors& posteriors) const {
  const auto source = source_words(k), target = target_words(k);
  const Edges source_edge(bitext_.source, k, source), target_edge(bitext_.target, k, target);
  const std::size_t columns = count(source);
  std::vector<float> strengths(count(target) * columns, 0.0f);
  for (std::size_t s = 0; s < posteriors.source_length; ++s) {
    for (std::size_t t = 0; t < posteriors.target_length; ++t) {
      if (source_edge(s) && target_edge(t)) continue;
      auto& strength = strengths[target[t] * columns + source[s]];
      strength = std::max(strength, link_strength(posteriors.p(s, t), posteriors.r(s, t)));
    }
  }
  return strengths;
}

std::vector<std::vector<Link>> word_links(const AlignerText& text, PairAligner& aligner) {
  std::vector<std::vector<Link>> links;
  for (std::size_t k = 0; k < text.pairs(); ++k) {
    const auto posteriors = aligner.align(text.source_tokens(k), text.target_tokens(k));
    links.push_back(text.links_of_words(k, posterior_links(posteriors)));
  }
  return links;
}

std::vector<std::vector<Link>> word_links(const AlignerText& text, WorkerPool& pool) {
  WordAligner aligner(text.bitext(), {}, pool);
  aligner.train();
  const auto posteriors = aligner.posteriors(0, text.pairs());
  std::vector<std::vector<Link>> links;
  for (std::size_t k = 0; k < text.pairs(); ++k)
    links.push_back(text.links_of_words(k, posterior_links(posteriors[k])));
  return links;
}

}  // namespace weft
