#pragma once
// Where a token stands, for blocks that do not read tokens one after another.

#include <torch/types.h>

#include <cstdint>

namespace weft {

/// Sinusoids. Vaswani et al. 2017 (arXiv:1706.03762), section 3.5:
///   p_{t,2i} = sin(t / 10000^{2i/D}),   p_{t,2i+1} = cos(t / 10000^{2i/D})
/// [length, width] like `options`.
torch::Tensor sinusoid_positions(int64_t length, int64_t width,
                                 const torch::TensorOptions& options);

/// For a grid, row by row: the first half of the units tell the row, the others the column, each as
/// above. [rows · columns, width] like `options`.
torch::Tensor grid_positions(int64_t rows, int64_t columns, int64_t width,
                             const torch::TensorOptions& options);

}  // namespace weft
