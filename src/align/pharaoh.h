#pragma once
// The Pharaoh text form of word links, "0-0 1-2", one sentence pair a line, as fast_align, Moses
// and Marian write it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "align/links.h"
#include "base/error.h"

namespace weft {

/// Words on each side of a pair: what links may point at.
struct PairLength {
  std::size_t source_words = 0;
  std::size_t target_words = 0;
};

/// What position the first word of a sentence has in a file of links.
enum class FirstPosition { kZero, kOne };

/// Links of one line, separated by blanks: `i-j` sure, `ipj` possible (.talp), source before
/// target; the result counts from 0, in the order of as_set(). An empty line has no links. `where`
/// is the line's place.
/// Throws UserError with the column and the text of what is not a link.
std::vector<Link> parse_pharaoh(std::string_view line, const Location& where,
                                FirstPosition first = FirstPosition::kZero);

/// The links of every line of a file (plain, .gz or .zst; "-" is standard input). Throws UserError
/// as parse_pharaoh() and LineReader do.
std::vector<std::vector<Link>> read_pharaoh(const std::string& path,
                                            FirstPosition first = FirstPosition::kZero);

/// Throws UserError if a link points past the end of either sentence.
void check_bounds(const std::vector<Link>& links, const PairLength& length, const Location& where);

/// Links as "source-target", counted from 0, by source then target, possible ones as
/// "sourceptarget".
std::string format_pharaoh(const std::vector<Link>& links);

}  // namespace weft
