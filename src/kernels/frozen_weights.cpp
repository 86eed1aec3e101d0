#include "kernels/frozen_weights.h"

namespace weft::kernels {
namespace {

thread_local FrozenWeights* frozen_on_thread = nullptr;

PackedWeight packed(const torch::Tensor& weight, WeightUse use, Precision precision) {
  // A computed weight is another at the next call, and would only be kept for nothing.
  const bool lasts = weight.is_leaf() || weight.is_view();
  if (frozen_on_thread != nullptr && lasts) return frozen_on_thread->packed(weight, use, precision);
  return {weight, use, precision};
}

}  // namespace

PackedWeight FrozenWeights::packed(const torch::Tensor& weight, WeightUse use,
                                   Precision precision) {
  const std::lock_guard lock(mutex_);
  // A model has some dozens of weights: looking at each costs less than a product.
  for (const Entry& entry : entries_) {
    if (entry.weight.data_ptr() == weight.data_ptr() && entry.use == use &&
        entry.precision == precision && entry.weight.sizes() == weight.sizes() &&
        entry.weight.strides() == weight.strides()) {
      return entry.packed;
    }
  }
  entries_.push_back({weight.detach(), use, precision, PackedWeight(weight, use, precision)});
  return entries_.back().packed;
}

FrozenWeightsGuard::FrozenWeightsGuard(FrozenWeights& weights) : outer_(frozen_on_thread) {
  frozen_on_thread = &weights;
}

FrozenWeightsGuard::~FrozenWeightsGuard() { frozen_on_thread = outer_; }

bool weights_are_frozen() { return frozen_on_thread != nullptr; }

PackedWeight forward_weight(const torch::Tensor& weight, Precision precision) {
  return packed(weight, WeightUse::kForward, precision);
}

PackedWeight backward_weight(const torch::Tensor& weight, Precision precision) {
  return packed(weight, WeightUse::kBackward, precision);
}

}  // namespace weft::kernels
