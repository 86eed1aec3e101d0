#pragma once
// Gradients of weights by Weft's own products.

#include "kernels/matmul.h"

namespace weft::kernels {

/// compute_weight_gradient() in float32. Rows are taken in parts of up to 512, whose sums are
/// added one after another: the result does not depend on the number of threads.
void compute_gradient_by_panels(const WeightGradient& gradient);

}  // namespace weft::kernels
