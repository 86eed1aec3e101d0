#pragma once
// Embeddings that begin from pretrained word vectors.

#include "base/error.h"
#include "config/model_options.h"
#include "model/translation_model.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// Adds what can be told from the files' first lines.
void check_pretrained_files(const EmbeddingOptions& options, Problems& problems);

/// Copies the vectors of model.embedding.source_vectors and target_vectors over the rows of the
/// pieces they have, and logs how many; other rows stay as they are. Returns a fingerprint of what
/// was copied, by which other files with the same vectors are known; "" if there are no files.
/// Throws UserError as read_word_vectors() does.
std::string load_pretrained_embeddings(const EmbeddingOptions& options,
                                       const Vocabularies& vocabularies,
                                       TranslationModelImpl& model);

}  // namespace weft
