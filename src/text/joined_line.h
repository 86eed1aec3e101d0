#pragma once
// Text that somebody has cut into words, put back into the form in which it is written.

#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace weft {

struct JoinedLine {
  std::string line;
  std::vector<Span> words;  ///< where the words that spaces separated stand in `line` now
};

/// Removes the spaces between words of scripts written without spaces (Han, Kana; not Hangul),
/// and around their punctuation; a space between two words that both meet in other characters
/// stays: "我 喜欢 New York 。" becomes "我喜欢New York。".
JoinedLine join_words(std::string_view segmented);

}  // namespace weft
