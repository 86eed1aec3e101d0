#pragma once
// The model that another one learns from.

#include <torch/types.h>

#include "config/training_options.h"
#include "model/translation_model.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// The teacher of word-level distillation, in evaluation mode on `device`, without gradients; null
/// if there is none. Throws UserError if it cannot be loaded, or reads or writes other vocabularies
/// than the model that learns.
TranslationModel load_teacher(const DistillationOptions& options, const Vocabularies& vocabularies,
                              const torch::Device& device);

}  // namespace weft
