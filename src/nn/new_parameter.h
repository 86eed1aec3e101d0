#pragma once
// Memory for the parameters of blocks.

#include <torch/types.h>

namespace weft {

/// A tensor of float32 with nothing in it yet. Throws UserError where there is no memory for it.
torch::Tensor new_parameter(torch::IntArrayRef sizes);

/// Throws UserError if the machine has less memory than this for a model's weights, or this process
/// may not have it.
void require_memory(double bytes);

}  // namespace weft
