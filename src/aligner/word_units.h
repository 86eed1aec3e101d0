#pragma once
// Parts of words, through which words that are rare or never seen borrow from others.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aligner/word_types.h"

namespace weft {

/// The units of a word, given its key: each of its characters if one of them belongs to a script
/// written without spaces (Han, Kana, Thai ...), otherwise its first four characters, which are a
/// stem of sorts; a mark of punctuation is a unit by itself.
std::vector<std::string> units_of(std::string_view key);

/// The units of all types of one language, numbered from 0.
class WordUnits {
 public:
  using Id = std::uint32_t;

  /// `frequencies`: of the types.
  WordUnits(const WordTypes& types, const std::vector<std::uint32_t>& frequencies);

  std::size_t size() const { return masses_.size(); }
  std::span<const Id> of(WordTypes::Id type) const {
    return std::span(units_).subspan(begins_[type], begins_[type + 1] - begins_[type]);
  }
  /// Words before which there are as many units as this: the units of type t are numbers
  /// [begin(t), begin(t + 1)) of all.
  std::size_t begin(WordTypes::Id type) const { return begins_[type]; }
  /// p(word | unit) of a type: of all words in the text with that unit, each sharing its frequency
  /// out among its units, the part that are of this type.
  double share(WordTypes::Id type, Id unit) const {
    return frequency_per_unit_[type] / masses_[unit];
  }
  /// How often words with that unit stand in the text, each sharing its frequency out among its
  /// units.
  double mass(Id unit) const { return masses_[unit]; }
  /// kUnknown of WordTypes if no type has it.
  Id find(std::string_view unit) const { return names_.find_key(unit); }

 private:
  WordTypes names_;
  std::vector<Id> units_;
  std::vector<std::size_t> begins_{0};
  std::vector<double> frequency_per_unit_;  // of each type
  std::vector<double> masses_;              // of each unit: the sum of that over the types
};

}  // namespace weft
