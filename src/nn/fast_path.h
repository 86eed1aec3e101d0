#pragma once
// When the blocks use the kernels of src/kernels instead of plain LibTorch: decided here, in one
// place.

#include <torch/types.h>

#include <string>

#include "config/training_options.h"

namespace weft {

/// Within its scope, products on this thread are computed in `precision` where a kernel can;
/// weights and sums stay float32. kAuto is resolved(). As with LibTorch's NoGradGuard, guards nest.
/// Without one, products are float32.
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

/// What kAuto stands for on this processor: bfloat16 where it has fast products in it, otherwise
/// float32. Every other precision is itself.
Precision resolved(Precision precision);

/// A precision that a file prefers, as far as the processor goes: float32, and a line in the log
/// that names `setting`, where it has no fast products in `preferred`. Never kAuto.
Precision usable_precision(Precision preferred, const std::string& setting);

/// A precision that a person demands: throws UserError, which names `setting`, where the processor
/// has no fast products in it.
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

/// Whether a kernel may compute on `x`: float32, on the CPU, and no PlainGuard.
bool use_kernels(const torch::Tensor& x);
/// Whether a kernel without a backward pass may: as above, and nobody wants gradients.
bool use_search_kernels(const torch::Tensor& x);

}  // namespace weft
