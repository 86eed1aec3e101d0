#pragma once
// What the aligner takes for a word inside what a person calls one.

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace weft {

/// Cuts each of the words of a line where a statistic of words must: runs of letters and digits are
/// tokens, and so is every other character by itself ("dog." is "dog" and "."), but for apostrophes
/// between letters: a short word before one takes it ("l'" in "l'orateur"), otherwise the word
/// after it does ("'t" in "don't"). Every character of a word is in exactly one token.
std::vector<Span> tokens_of(std::string_view line, const std::vector<Span>& words);

/// For each of `parts` the number of the one among `wholes` that it lies in. Both in the order of
/// the line, and each part in some whole.
std::vector<std::size_t> containing(const std::vector<Span>& parts,
                                    const std::vector<Span>& wholes);

}  // namespace weft
