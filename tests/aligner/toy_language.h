#pragma once
// A small language, its translation, and which words of them belong together.

#include <algorithm>
#include <numeric>
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

/// What a far-moving language does with the words of a sentence.
enum class Order {
  kVerbLast,       ///< one of the first words stands last, before the full stop
  kPhraseLast,     ///< two of the first words do
  kClausesTurned,  ///< the second part of the sentence stands first
  kFree,           ///< any order
};

/// Sentences of 8 to 20 different words and a full stop, every one of which has one word in the
/// translation, some far from where it was.
class FarMovingLanguage {
 public:
  FarMovingLanguage(Order order, std::size_t words) : order_(order), words_(words), random_(1) {}

  ToyLanguage::Sentence next() {
    const std::size_t length = 8 + random_() % 13;
    std::vector<std::size_t> words;
    while (words.size() < length) {
      const std::size_t word = random_() % words_;
      if (std::ranges::count(words, word) == 0) words.push_back(word);
    }
    const auto order = translated(length);
    ToyLanguage::Sentence sentence;
    for (const auto word : words) sentence.source += spelling(word, 'a') + ' ';
    for (std::size_t position = 0; position < length; ++position) {
      sentence.target += spelling(words[order[position]], 'n') + ' ';
      sentence.links.push_back({static_cast<int>(order[position]), static_cast<int>(position)});
    }
    sentence.source += '.';
    sentence.target += '.';
    sentence.links.push_back({static_cast<int>(length), static_cast<int>(length)});
    return sentence;
  }

 private:
  /// Which source word stands at each place.
  std::vector<std::size_t> translated(std::size_t length) {
    std::vector<std::size_t> order(length);
    std::iota(order.begin(), order.end(), 0);
    const auto early = order.begin() + 1 + static_cast<std::ptrdiff_t>(random_() % 3);
    switch (order_) {
      case Order::kVerbLast:
        std::rotate(early, early + 1, order.end());
        break;
      case Order::kPhraseLast:
        std::rotate(early, early + 2, order.end());
        break;
      case Order::kClausesTurned:
        std::rotate(order.begin(), early + 3, order.end());
        break;
      case Order::kFree:
        for (std::size_t n = length; n > 1; --n) std::swap(order[n - 1], order[random_() % n]);
        break;
    }
    return order;
  }
  /// Four letters, the first ones least alike. `first`: of the alphabet of the language.
  static std::string spelling(std::size_t word, char first) {
    std::string letters;
    for (int n = 0; n < 4; ++n, word /= 12)
      letters += static_cast<char>(first + static_cast<char>(word % 12));
    return letters;
  }

  Order order_;
  std::size_t words_;
  std::mt19937 random_;
};

}  // namespace weft
