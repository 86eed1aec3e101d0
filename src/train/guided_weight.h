#pragma once
// How much guidance counts as training goes on.

#include <cstdint>

#include "config/training_options.h"

namespace weft {

/// Of update number `update`, from 1, with w the weight, f the final weight and h the half-life:
///   f + (w - f) 2^(-(update - 1) / h)
/// A strong teacher at first, when attention finds its way; a weak one later, so that the
/// translation loss decides, but attention does not wander off. (Chen et al. 2016,
/// arXiv:1607.01628, section 4, let the weight fall by a tenth with every epoch, to nothing in the
/// end.)
double guided_weight(const GuidedAlignmentOptions& options, int64_t update);

}  // namespace weft
