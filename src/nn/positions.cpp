#include "nn/positions.h"

#include <torch/types.h>

#include <cmath>

namespace weft {

torch::Tensor sinusoid_positions(int64_t length, int64_t width,
                                 const torch::TensorOptions& options) {
  const auto wide = options.dtype(torch::kFloat64);
  const auto even = torch::arange(0, width, 2, wide);  // 2i
  const auto rates = torch::exp(even * (-std::log(10000.0) / static_cast<double>(width)));
  const auto angles = torch::arange(length, wide).unsqueeze(1) * rates.unsqueeze(0);
  const auto both = torch::stack({angles.sin(), angles.cos()}, 2).flatten(1);  // sin, cos, sin, ...
  return both.narrow(1, 0, width).to(options);
}

torch::Tensor grid_positions(int64_t rows, int64_t columns, int64_t width,
                             const torch::TensorOptions& options) {
  const int64_t half = width / 2;
  const auto row = sinusoid_positions(rows, half, options).unsqueeze(1);
  const auto column = sinusoid_positions(columns, width - half, options).unsqueeze(0);
  return torch::cat(
             {row.expand({rows, columns, half}), column.expand({rows, columns, width - half})}, 2)
      .flatten(0, 1);
}

}  // namespace weft
