#pragma once
// What must hold between the keys of texts, their vocabularies and the embeddings of their words.

#include "config/checker.h"
#include "config/config.h"

namespace weft {

/// Adds to the problems of `checker`.
void check_text(const Config& config, Checker& checker);

}  // namespace weft
