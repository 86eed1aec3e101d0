#pragma once
// A model that begins from the weights of another one.

#include <string>

#include "model/translation_model.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// Copies the weights of the model in `directory` over those of `model`, which has `vocabularies`,
/// by their names. Of embeddings and of the output layer, the rows of pieces that both vocabularies
/// have are copied, wherever they stand; rows of other pieces, and parameters that the other model
/// does not have in this shape, stay as they are. Logs what begins anew. Throws UserError if the
/// directory holds no model, or one of which no parameter fits.
void begin_from(const std::string& directory, const Vocabularies& vocabularies,
                TranslationModelImpl& model);

}  // namespace weft
