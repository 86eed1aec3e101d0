#pragma once
// A parallel text as numbers of words.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "aligner/word_types.h"

namespace weft {

/// One language of a parallel text.
class TextSide {
 public:
  /// Appends a sentence.
  void add(std::span<const std::string_view> words);

  std::size_t sentences() const { return begins_.size() - 1; }
  std::span<const WordTypes::Id> sentence(std::size_t k) const {
    return std::span(words_).subspan(begins_[k], length(k));
  }
  /// Words of sentence k.
  std::size_t length(std::size_t k) const { return begins_[k + 1] - begins_[k]; }
  /// Words before sentence k; k == sentences(): words in all.
  std::size_t begin(std::size_t k) const { return begins_[k]; }

  const WordTypes& types() const { return types_; }
  /// How often each type stands there.
  const std::vector<std::uint32_t>& frequencies() const { return frequencies_; }

 private:
  WordTypes types_;
  std::vector<WordTypes::Id> words_;
  std::vector<std::size_t> begins_{0};
  std::vector<std::uint32_t> frequencies_;
};

/// Sentence k of one side translates sentence k of the other. A "cell" is a source word beside a
/// target word of the same pair.
struct Bitext {
  TextSide source;
  TextSide target;

  std::size_t pairs() const { return source.sentences(); }
  /// How often a word of either language stands there on average; 0 if there is none.
  double occurrences() const;
  /// No pair with more cells than this is aligned: nobody's sentence has 2,000 words.
  static constexpr std::size_t kMostCells = std::size_t{1} << 22;
  /// Of pair k; 0 if it has too many.
  std::size_t cells(std::size_t k) const {
    const std::size_t product = source.length(k) * target.length(k);
    return product > kMostCells ? 0 : product;
  }
};

}  // namespace weft
