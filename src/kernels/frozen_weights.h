#pragma once
// Weights that stay as they are, as in translation and within one update of training: packed once
// for all calls.

#include <torch/types.h>

#include <mutex>
#include <utility>
#include <vector>

#include "kernels/matmul.h"

namespace weft::kernels {

/// Packed copies of weights that do not change while it lives; made when first used. Several
/// threads may share one.
class FrozenWeights {
 public:
  PackedWeight packed(const torch::Tensor& weight, WeightUse use, Precision precision);
  /// The same weight in bfloat16, on its own device.
  torch::Tensor rounded(const torch::Tensor& weight);

 private:
  struct RoundedEntry {
    torch::Tensor weight, rounded;
  };
  struct Entry {
    torch::Tensor weight;  // kept, so that no other tensor takes its place in memory
    WeightUse use;
    Precision precision;
    PackedWeight packed;
  };
  std::mutex mutex_;
  std::vector<Entry> entries_;
  std::vector<RoundedEntry> rounded_;
};

/// Within its scope, kernels on this thread take packed weights from `weights` instead of packing
/// them at every call. The weights must not be changed in between. Guards nest.
class FrozenWeightsGuard {
 public:
  explicit FrozenWeightsGuard(FrozenWeights& weights);
  FrozenWeightsGuard(const FrozenWeightsGuard&) = delete;
  FrozenWeightsGuard& operator=(const FrozenWeightsGuard&) = delete;
  ~FrozenWeightsGuard();

 private:
  FrozenWeights* outer_;
};

/// Whether a guard is in scope on this thread: then a product pays for any number of rows.
bool weights_are_frozen();

/// `weight` packed for y = x W^T: from the guard in scope, or packed now, as is a weight that was
/// itself computed.
PackedWeight forward_weight(const torch::Tensor& weight, Precision precision);
/// The same for dx = dy W.
PackedWeight backward_weight(const torch::Tensor& weight, Precision precision);
/// The same in bfloat16 as a tensor, for devices whose products are LibTorch's.
torch::Tensor bfloat16_weight(const torch::Tensor& weight);

}  // namespace weft::kernels
