#pragma once
// Whether a table of words is one of the languages of a model and its text.

#include <string>
#include <string_view>
#include <vector>

#include "app/translation_table.h"
#include "text/vocabulary.h"

namespace weft {

/// Letters with their marks, hyphens and apostrophes.
bool has_letters_alone(std::string_view word);

/// The word without the punctuation around it; all of it if it is nothing else, or a placeholder.
std::string_view without_punctuation(std::string_view word);

/// Throws UserError if hardly a word of the table can be written with the vocabulary.
void require_target_fits(const TranslationTable& table, const Vocabulary& target);

/// Throws UserError if the table hardly knows a word of the lines, of which there are enough to
/// tell: it is of another language.
void require_source_fits(const TranslationTable& table, const std::vector<std::string>& sources);

}  // namespace weft
