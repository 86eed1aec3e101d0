#pragma once
// The form in which a vocabulary of words has them.

#include <string>
#include <string_view>

#include "config/data_options.h"

namespace weft {

/// A word in a form of its own (Unicode Standard Annex 15), then in lower case (Unicode's rules,
/// those of no language). Blanks that NFKC makes of a single character, as of "´", are left out: a
/// word stays one word. Throws std::invalid_argument if it is not valid UTF-8.
std::string normalized_word(std::string_view word, WordNormalization normalization);

}  // namespace weft
