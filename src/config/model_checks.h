#pragma once
// What must hold between the keys of a model alone.

#include "config/checker.h"
#include "config/model_options.h"

namespace weft {

void check_model(const ModelOptions& model, const std::vector<SourceKind>& sources,
                 Checker& checker);

}  // namespace weft
