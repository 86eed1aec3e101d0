#pragma once
// What a person calls a word, in a line of any language.

#include <string_view>
#include <vector>

#include "base/span.h"

namespace weft {

/// Who decides where words end in scripts that are written without spaces
/// (Han, Hiragana, Katakana, Bopomofo, Thai, Lao, Khmer, Myanmar).
enum class WordSplitting {
  kAuto,        ///< ICU's dictionaries, unless the line's own spaces already do (rule below)
  kWhitespace,  ///< the spaces alone
};

/// The whitespace-separated tokens of valid UTF-8 (whitespace: Unicode's White_Space property).
std::vector<Span> split_whitespace(std::string_view line);

/// The words of a line, in order; every character that is not whitespace is in exactly one of them.
///
/// A token between spaces is one word, its punctuation included ("dog." is one word). With kAuto, a
/// token that holds letters of a script written without spaces is cut further: each run of such
/// letters into the words of ICU's dictionary, and out of that token every other piece as it
/// stands: Latin words and numbers whole, non-ASCII punctuation and ASCII punctuation that follows
/// such a letter alone (a repeated mark, as in "……", is one word). "我喜欢Python，你呢？" is 我 |
/// 喜欢 | Python | ， | 你 | 呢 | ？.
///
/// With kAuto the spaces decide instead, for the whole line, if the line looks segmented already:
///   1. at least one gap of whitespace has a token of such a script, or of wide punctuation, on
///   both
///      sides (a space between Han and Latin is how such text is written anyway, and says nothing);
///   2. no such token ends in wide punctuation ("猫。"), which a segmenter would have cut off;
///   3. such tokens are short: together they hold at most 3 letters per token (Han, Kana,
///   Bopomofo),
///      at most 6 per token for tokens with Thai, Lao, Khmer or Myanmar letters. Combining marks do
///      not count.
/// A line is judged by itself alone, so the answer does not depend on the lines around it.
std::vector<Span> split_words(std::string_view line,
                              WordSplitting splitting = WordSplitting::kAuto);

}  // namespace weft
