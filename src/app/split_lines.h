#pragma once
// Lines that are several sentences, translated sentence by sentence and put together again.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_names.h"
#include "base/span.h"
#include "search/translator.h"

namespace weft {

/// Where lines are split for the model.
enum class LineSplitting {
  kNone,       ///< nowhere: what is beyond the limit is cut off
  kLong,       ///< at punctuation, if a line is longer than the model reads
  kSentences,  ///< between sentences; those that are too long, at punctuation
};

constexpr auto enum_names(LineSplitting) {
  return std::array{EnumName{LineSplitting::kNone, "none"}, EnumName{LineSplitting::kLong, "long"},
                    EnumName{LineSplitting::kSentences, "sentences"}};
}

/// The sentences of a text, without the blanks between: as ICU finds them in any language, but not
/// after abbreviations of some European ones ("Mr. Smith").
std::vector<Span> sentences_of(std::string_view line);

/// How many tokens the model reads of a text.
using TokenCount = std::function<int64_t(std::string_view)>;

/// Cuts a text that has more than `most` tokens at the punctuation nearest to its middle, or else
/// at the blank nearest to it, until its parts do not. What has neither stays as it is.
std::vector<Span> parts_within(std::string_view line, Span text, const TokenCount& tokens,
                               int64_t most);

/// Lines and their parts.
class SplitLines {
 public:
  /// Puts the parts in the place of the lines; a blank line is a blank part.
  SplitLines(std::vector<std::string>& lines, LineSplitting splitting, const TokenCount& tokens,
             int64_t most);

  /// The answers to the lines, from those to the parts. A line has the `most` combinations of its
  /// parts' translations whose scores have the greatest mean, which is their score; the other
  /// numbers are sums. The alignment is over the whole line; words of different parts are not
  /// linked.
  std::vector<TranslatedLine> join(std::vector<TranslatedLine> parts, std::size_t most) const;

  /// The line, from 0, that a part is of.
  std::size_t line_of(std::size_t part) const { return line_of_[part]; }
  /// The parts of a line stand in [first, second).
  std::pair<std::size_t, std::size_t> parts_of(std::size_t line) const;

  /// The prefixes of the parts, from those of the lines: sentence k of a prefix begins the
  /// translation of part k, and what is left that of the last; of lines that are cut at punctuation
  /// all of it the first's.
  std::vector<std::string> prefixes(const std::vector<std::string>& of_lines) const;

 private:
  TranslatedLine join_line(std::size_t line, std::vector<TranslatedLine> parts,
                           std::size_t most) const;

  LineSplitting splitting_;
  std::vector<std::size_t> line_of_;  // each part
  std::vector<std::string> lines_;
  std::vector<std::vector<Span>> parts_;  // of each line
};

}  // namespace weft
