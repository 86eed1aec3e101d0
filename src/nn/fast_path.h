#pragma once
// When the blocks use the kernels of src/kernels instead of plain LibTorch: decided here, in one
// place.

#include <torch/types.h>

#include <string>

#include "config/training_options.h"

namespace weft {

/// Within its scope, products on this thread are computed in `precision` where a kernel can;
/// weights and sums stay float32. As with LibTorch's NoGradGuard, guards nest. Without one,
/// products are float32.
class PrecisionGuard {
 public:
  explicit PrecisionGuard(Precision precision);
  PrecisionGuard(const PrecisionGuard&) = delete;
  PrecisionGuard& operator=(const PrecisionGuard&) = delete;
  ~PrecisionGuard();

 private:
  Precision outer_;
};

Precision current_precision();

/// Throws UserError, which names `setting`, where products in this precision are not fast.
void require_products_in(Precision precision, const std::string& setting);

/// Within its scope, blocks on this thread compute with plain LibTorch operations: what kernels are
/// tested against.
class PlainGuard {
 public:
  PlainGuard();
  PlainGuard(const PlainGuard&) = delete;
  PlainGuard& operator=(const PlainGuard&) = delete;
  ~PlainGuard();

 private:
  bool outer_;
};

/// Whether a kernel may compute on `x`: float32, on the CPU, with packed products compiled in, and
/// no PlainGuard.
bool use_kernels(const torch::Tensor& x);
/// Whether a kernel without a backward pass may: as above, and nobody wants gradients.
bool use_search_kernels(const torch::Tensor& x);

}  // namespace weft
