#pragma once
// Parameters that a person names by patterns: as in a shell, * stands for any text, dots included,
// and ? for one character ("encoder.*", "*embedding").

#include <string>
#include <vector>

#include "base/error.h"
#include "config/training_options.h"
#include "model/named_tensors.h"

namespace weft {

bool matches(const std::string& name, const std::string& pattern);

/// Adds what is wrong with training.freeze and training.rate_factors: patterns that match no
/// parameter, and that all are frozen.
void check_parameter_patterns(const TrainingOptions& options, const NamedTensors& parameters,
                              Problems& problems);

/// Takes the gradient from those that training.freeze matches: they stay as they are.
void freeze(const TrainingOptions& options, const NamedTensors& parameters);

/// What the learning rate of a parameter is multiplied by: the factor of the first of
/// training.rate_factors that matches it, or 1.
double rate_factor_of(const std::string& name, const std::vector<std::string>& rate_factors);

}  // namespace weft
