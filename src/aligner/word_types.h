#pragma once
// The distinct words of one language, as the aligner tells them apart.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weft {

/// What a word is to the aligner: normalised (NFKC, case folded), and marks of punctuation that
/// only differ in width or in the shape of quotation marks the same ("。" and ".", "「" and "\""),
/// since one text writes them one way and the next another. "" only for an empty word.
std::string word_key(std::string_view word);

/// Numbers words from 0 in the order in which they are first seen.
class WordTypes {
 public:
  using Id = std::uint32_t;
  static constexpr Id kUnknown = static_cast<Id>(-1);

  /// The number of a word, given as it stands in the text.
  Id add(std::string_view word);
  /// The number of the word with that key; a new one if it is new.
  Id add_key(std::string_view key);
  /// kUnknown if it was never added.
  Id find(std::string_view word) const;
  Id find_key(std::string_view key) const;

  std::size_t size() const { return keys_.size(); }
  const std::string& key(Id id) const { return *keys_[id]; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  using Map = std::unordered_map<std::string, Id, Hash, std::equal_to<>>;

  Map by_key_;
  Map by_word_;  // spares the normalisation of what was seen before
  std::vector<const std::string*> keys_;
};

}  // namespace weft
