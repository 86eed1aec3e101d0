#pragma once
// Lines that are several sentences, translated sentence by sentence and put together again.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
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

  /// The answers to the lines, from those to the parts, which have one translation each. Numbers
  /// are sums, the score the mean over tokens. The alignment is over the whole line; words of
  /// different parts are not linked.
  std::vector<TranslatedLine> join(std::vector<TranslatedLine> parts) const;

 private:
  TranslatedLine join_line(std::size_t line, std::vector<TranslatedLine> parts) const;

  std::vector<std::string> lines_;
  std::vector<std::vector<Span>> parts_;  // of each line
};

}  // namespace weft
