#pragma once
// How often the decoder is fed words of its own as training goes on.

#include <cstdint>

#include "config/training_options.h"

namespace weft {

/// Of update number t, from 1: the probability p that it rises to, and the inverse sigmoid decay of
/// Bengio et al. 2015 (arXiv:1506.03099), section 2.4, of what is left of the reference:
///   p (1 - k / (k + exp(t / k)))
double own_word_probability(const ScheduledSamplingOptions& options, int64_t update);

}  // namespace weft
