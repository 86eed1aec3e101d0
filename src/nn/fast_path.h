#pragma once
// When the blocks use the kernels of src/kernels, or those that LibTorch has for a GPU, instead of
// plain operations: decided here, in one place, by the device of the tensors.

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

/// Whether the device has fast products in this precision; kAuto is none.
bool has_products_in(Precision precision, const torch::Device& device);

/// What kAuto stands for: on a processor bfloat16 where it has fast products in it, otherwise
/// float32. Every other precision is itself.
Precision resolved(Precision precision, const torch::Device& device = torch::kCPU);

/// A precision that a file prefers, as far as the device goes: float32, and a line in the log
/// that names `setting`, where it has no fast products in `preferred`. Never kAuto.
Precision usable_precision(Precision preferred, const std::string& setting,
                           const torch::Device& device = torch::kCPU);

/// A precision that a person demands: throws UserError, which names `setting`, where the device
/// has no fast products in it.
void require_products_in(Precision precision, const std::string& setting,
                         const torch::Device& device = torch::kCPU);

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
/// Whether products, cells and sequences may be computed as suits a GPU: float32, on a GPU, and no
/// PlainGuard.
bool use_gpu_kernels(const torch::Tensor& x);
/// The same where cuDNN is there too.
bool use_cudnn(const torch::Tensor& x);

}  // namespace weft
