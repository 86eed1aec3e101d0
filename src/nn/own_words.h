#pragma once
// Decoder inputs of which some are what the model itself would have said.

#include <torch/types.h>

namespace weft {

/// One token drawn from softmax(logits) [B, T, V] at each place: int64 [B, T]. By Gumbel noise from
/// LibTorch's default generator, which waits for no GPU.
torch::Tensor sampled_tokens(const torch::Tensor& logits);

/// Scheduled sampling (Bengio et al. 2015, arXiv:1506.03099), whole sentences at once (Mihaylova
/// and Martins 2019, arXiv:1906.07651): from `inputs` int64 [B, T], which begin with the begin of
/// sentence, each word after the first is replaced, with `probability`, by the model's own in its
/// place, `predicted` [B, T], which stands one place before. Where `mask` is false, nothing is.
torch::Tensor mixed_inputs(const torch::Tensor& inputs, const torch::Tensor& predicted,
                           const torch::Tensor& mask, double probability);

}  // namespace weft
