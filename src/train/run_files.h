#pragma once
// The files that a config of training names.

#include "base/error.h"
#include "config/config.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// Adds everything about the files that can be known before work begins. A run that `resumes` has
/// its vocabularies and its first weights.
void check_files(const Config& config, bool resumes, Problems& problems);

/// The vocabularies of a new run: those that the config names, those of the model that it begins
/// from (training.from), or else made from its training text. Throws UserError as
/// build_vocabularies() does.
Vocabularies made_vocabularies(const Config& config);

}  // namespace weft
