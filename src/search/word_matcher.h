#pragma once
// Finds words in text that comes a little at a time.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weft {

/// Aho & Corasick 1975 ("Efficient string matching"), over characters with a mark wherever a word
/// may begin or end: between two characters unless both are letters, combining marks or digits of
/// scripts written with spaces, and at both ends of the text. So "cat" is found in "the cat." and
/// not in "category"; "猫" is found in "黑猫".
class WordMatcher {
 public:
  /// Words, or several with single blanks between, in UTF-8, none empty.
  explicit WordMatcher(const std::vector<std::string>& words);

  /// What of a text decides how words go on.
  struct State {
    int32_t node = 0;     ///< of the tree of all words
    bool joins = false;   ///< the last character is one that joins with its like
    std::string pending;  ///< bytes that may yet become a character
    bool operator==(const State&) const = default;
  };

  /// Reads some bytes; characters may be cut. Returns whether a word has been completed: the mark
  /// after it has been read. A byte that can become no character counts as a character that does
  /// not join.
  bool read(std::string_view bytes, State& state) const;
  /// Whether `text`, which is not empty, begins with a character that joins with one before it, or
  /// with bytes that may become one.
  static bool may_join(std::string_view text);
  /// Whether a word is completed if the text ends here.
  bool completes_at_end(State state) const;

 private:
  struct Node {
    std::unordered_map<char32_t, int32_t> next;
    int32_t fallback = 0;
    bool completes = false;
  };

  void add(std::string_view word);
  void link_fallbacks();
  int32_t follow(int32_t node, char32_t symbol) const;
  bool read_character(char32_t character, State& state) const;

  std::vector<Node> nodes_;
};

}  // namespace weft
