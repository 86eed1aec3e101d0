#pragma once
// Translations drawn from the model's distribution.

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "search/sampling_options.h"
#include "search/token_policy.h"

namespace weft {

/// Log-probabilities float [V] -> those that tokens are drawn by, -inf for those cut away. Double,
/// in place; -inf stays.
void shape_distribution(std::vector<double>& log_probs, const SamplingOptions& options);

/// A number in (0, 1) that the arguments decide, alike on every machine.
double uniform_of(uint64_t seed, uint64_t line, uint64_t hypothesis, uint64_t step, uint64_t token);

/// Draws by the method of `options`, which is not kNone. `lines`: the number of each sentence of
/// the batch, which, with the seed, is all that its draws depend on besides its distribution.
/// Gumbel: the hypotheses of a beam are those with the largest perturbed log-probabilities (Kool et
/// al. 2019, arXiv:1903.06059: stochastic beam search), which are their ranks.
std::unique_ptr<TokenPolicy> make_sampler(const SamplingOptions& options,
                                          std::vector<std::size_t> lines);

}  // namespace weft
