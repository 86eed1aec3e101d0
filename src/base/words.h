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
  kWhitespace,  ///< spaces and tabs, as fast_align and Moses count: NBSP is part of a word
};

/// Whether it is a letter of a script written without spaces, as in WordSplitting.
bool is_unspaced_letter(char32_t code_point);

/// The whitespace-separated tokens of valid UTF-8 (whitespace: Unicode's White_Space property).
std::vector<Span> split_whitespace(std::string_view line);

/// The words of a line, in order; every character that is not whitespace is in exactly one of them.
///
/// A token between spaces is one word, its punctuation included ("dog." is one word). With kAuto, a
/// token that holds letters of a script written without spaces is cut further:
///   - each run of such letters into the words of ICU's dictionary;
///   - non-ASCII punctuation alone, and ASCII punctuation that follows such a letter; a repeated
///     mark, as in "……", is one word;
///   - what is left as it stands: Latin words and numbers whole.
/// "我喜欢Python，你呢？" has the words 我, 喜欢, Python, ，, 你, 呢, ？.
///
/// With kAuto the spaces decide instead, for the whole line, if the line looks segmented already,
/// which is if all of these hold. Tokens are those that have letters of such a script, or are
/// nothing but wide punctuation.
///   1. Two such tokens are neighbours. (A space between Han and Latin says nothing: unsegmented
///      text is written so.)
///   2. None that has letters ends in punctuation ("猫。"): a segmenter would have cut it off.
///   3. They are short: together at most 3 letters a token (Han, Kana, Bopomofo), or 6 for tokens
///      that have Thai, Lao, Khmer or Myanmar letters. Combining marks do not count.
/// A line is judged by itself alone, so the answer does not depend on the lines around it.
std::vector<Span> split_words(std::string_view line,
                              WordSplitting splitting = WordSplitting::kAuto);

}  // namespace weft
