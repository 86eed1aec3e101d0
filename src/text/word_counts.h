#pragma once
// Makes a word list from text.

#include <cstdint>
#include <string>
#include <vector>

#include "text/text_reader.h"

namespace weft {

/// The most frequent words of all `files` together as a list for WordVocabulary, at most `size`
/// with the four reserved tokens counted in; of two equally frequent words the one first in code
/// point order. `required` come first, whether the text has them or not. Words that look like a
/// reserved token ("<s>") are left out: they encode as unknown. All are counted as
/// normalized_word() has them. Throws UserError if a file cannot
/// be read or there is no word at all.
std::string list_frequent_words(const std::vector<TextFile>& files, int64_t size,
                                const std::vector<std::string>& required = {},
                                WordNormalization normalization = WordNormalization::kNone);

/// The same for the values of each factor.
std::vector<std::string> list_frequent_factors(const std::vector<TextColumn>& files,
                                               const FactorFormat& format, int64_t size);

}  // namespace weft
