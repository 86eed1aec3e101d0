#pragma once
// With what products are computed: handed to every kernel that multiplies.

#include <torch/csrc/autograd/custom_function.h>

#include "config/training_options.h"

namespace weft::kernels {

class FrozenWeights;
class WeightGradients;

/// A precision alone is a context. What it points to must outlive the backward passes of what was
/// computed with it.
struct ProductContext {
  ProductContext(Precision of_products = Precision::kFloat32, FrozenWeights* kept = nullptr,
                 WeightGradients* gradients = nullptr)
      : precision(of_products), frozen(kept), collector(gradients) {}

  /// Of products, where a kernel can; weights and sums are float32. Never kAuto.
  Precision precision;
  /// Has packed copies of the weights, which must not change in between; null: they are packed at
  /// every call.
  FrozenWeights* frozen;
  /// To whom gradients of weights are left where rows are few: until its finish(), they are not
  /// complete. Null: nobody.
  WeightGradients* collector;
};

/// Keeps the context for the backward pass, which on a GPU runs in another thread.
void save_context(torch::autograd::AutogradContext* autograd, const ProductContext& context);
ProductContext saved_context(torch::autograd::AutogradContext* autograd);

}  // namespace weft::kernels
