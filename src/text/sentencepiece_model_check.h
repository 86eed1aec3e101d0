#pragma once
// What SentencePiece itself takes on trust in a model file.

#include <string>
#include <string_view>

namespace weft {

/// SentencePiece follows the tables of a model's normalisation without looking whether they lead
/// out of it, and counts on few of its symbols beginning with one another. A model may come from a
/// stranger, so this looks first: every step that any text could take ends within the tables, at
/// text in UTF-8. Throws UserError, which calls the model `name`. What else is wrong with a
/// model SentencePiece finds by itself.
void check_sentencepiece_model(std::string_view model, const std::string& name);

}  // namespace weft
