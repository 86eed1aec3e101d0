#include "kernels/frozen_weights.h"

namespace weft::kernels {
namespace {

thread_local FrozenWeights* frozen_on_thread = nullptr;

}  // namespace

PackedWeight FrozenWeights::packed(const torch::Tensor& weight, Precision precision) {
  const std::lock_guard lock(mutex_);
  // A model has some dozens of weights: looking at each costs less than a product.
  for (const Entry& entry : entries_) {
    if (entry.weight.data_ptr() == weight.data_ptr() && entry.precision == precision &&
        entry.weight.sizes() == weight.sizes() && entry.weight.strides() == weight.strides()) {
      return entry.packed;
    }
  }
  entries_.push_back(
      {weight.detach(), precision, PackedWeight(weight, WeightUse::kForward, precision)});
  return entries_.back().packed;
}

FrozenWeightsGuard::FrozenWeightsGuard(FrozenWeights& weights) : outer_(frozen_on_thread) {
  frozen_on_thread = &weights;
}

FrozenWeightsGuard::~FrozenWeightsGuard() { frozen_on_thread = outer_; }

bool weights_are_frozen() { return frozen_on_thread != nullptr; }

PackedWeight forward_weight(const torch::Tensor& weight, Precision precision) {
  if (frozen_on_thread != nullptr) return frozen_on_thread->packed(weight, precision);
  return {weight, WeightUse::kForward, precision};
}

}  // namespace weft::kernels
