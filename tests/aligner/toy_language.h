#pragma once
// A small language, its translation, and which words of them belong together.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "align/links.h"

namespace weft {

/// Sentences of three to eight words. In the translation every word has one word; a third of the
/// words, as adjectives do, change places with the next, and before a quarter stands a "ze", which
/// translates nothing.
class ToyLanguage {
 public:
  explicit ToyLanguage(unsigned seed) : random_(seed) {}

  struct Sentence {
    std::string source, target;
    std::vector<Link> links;
  };

  Sentence next() {
    const std::size_t length = 3 + random_() % 6;
    std::vector<std::size_t> words;  // each once: which of two belongs to which nobody could tell
    while (words.size() < length) {
      const std::size_t word = random_() % kWords;
      if (std::ranges::count(words, word) == 0) words.push_back(word);
    }
    auto order = numbers(length);  // of the source words in the target
    for (std::size_t n = 0; n + 1 < length; ++n)
      if (words[n] % 3 == 0) std::swap(order[n], order[n + 1]), ++n;
    Sentence sentence;
    for (const auto word : words) append(sentence.source, spelling(word, "kltrs", "aeiou"));
    int position = 0;
    for (const auto n : order) {
      if (words[n] % 4 == 1) append(sentence.target, "ze"), ++position;
      append(sentence.target, spelling(words[n], "bdgmnp", "uoyea"));
      sentence.links.push_back({static_cast<int>(n), position++});
    }
    return sentence;
  }

 private:
  static constexpr std::size_t kWords = 60;

  static std::vector<std::size_t> numbers(std::size_t count) {
    std::vector<std::size_t> result;
    for (std::size_t n = 0; n < count; ++n) result.push_back(n);
    return result;
  }
  /// Two syllables that are no other word's.
  static std::string spelling(std::size_t word, const std::string& consonants,
                              const std::string& vowels) {
    return {consonants[word % 5], vowels[word / 5 % 5], consonants[word / 25], vowels[word % 5]};
  }
  static void append(std::string& line, const std::string& word) {
    if (!line.empty()) line += ' ';
    line += word;
  }

  std::mt19937 random_;
};

}  // namespace weft
