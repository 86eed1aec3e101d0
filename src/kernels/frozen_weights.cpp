#include "kernels/frozen_weights.h"

#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/utils.h>

namespace weft::kernels {
namespace {

// A computed weight is another at the next call, and would only be kept for nothing.
bool lasts(const torch::Tensor& weight) { return weight.is_leaf() || weight.is_view(); }

bool is_same(const torch::Tensor& a, const torch::Tensor& b) {
  return a.data_ptr() == b.data_ptr() && a.sizes() == b.sizes() && a.strides() == b.strides();
}

PackedWeight packed(const torch::Tensor& weight, WeightUse use, const ProductContext& context) {
  if (context.frozen != nullptr && lasts(weight))
    return context.frozen->packed(weight, use, context.precision);
  return {weight, use, context.precision};
}

}  // namespace

PackedWeight FrozenWeights::packed(const torch::Tensor& weight, WeightUse use,
                                   Precision precision) {
  const std::lock_guard lock(mutex_);
  // A model has some dozens of weights: looking at each costs less than a product.
  for (const Entry& entry : entries_) {
    if (entry.use == use && entry.precision == precision && is_same(entry.weight, weight))
      return entry.packed;
  }
  entries_.push_back({weight.detach(), use, precision, PackedWeight(weight, use, precision)});
  return entries_.back().packed;
}

torch::Tensor FrozenWeights::rounded(const torch::Tensor& weight) {
  const std::lock_guard lock(mutex_);
  for (const auto& entry : rounded_) {
    if (is_same(entry.weight, weight)) return entry.rounded;
  }
  rounded_.push_back({weight.detach(), weight.detach().to(torch::kBFloat16)});
  // In search other threads read it, whose work on the device does not wait for this one's.
  if (weight.is_cuda() && !torch::GradMode::is_enabled())
    torch::cuda::synchronize(weight.device().index());
  return rounded_.back().rounded;
}

PackedWeight forward_weight(const torch::Tensor& weight, const ProductContext& context) {
  return packed(weight, WeightUse::kForward, context);
}

PackedWeight backward_weight(const torch::Tensor& weight, const ProductContext& context) {
  return packed(weight, WeightUse::kBackward, context);
}

torch::Tensor bfloat16_weight(const torch::Tensor& weight, const ProductContext& context) {
  if (context.frozen != nullptr && lasts(weight)) return context.frozen->rounded(weight);
  return weight.detach().to(torch::kBFloat16);
}

}  // namespace weft::kernels
