#pragma once
// Weights that stay as they are, as in translation and within one update of training: packed once
// for all calls.

#include <torch/types.h>

#include <mutex>
#include <utility>
#include <vector>

#include "kernels/matmul.h"
#include "kernels/product_context.h"

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

/// `weight` packed for y = x W^T: from the context's frozen weights, or packed now, as is a weight
/// that was itself computed.
PackedWeight forward_weight(const torch::Tensor& weight, const ProductContext& context);
/// The same for dx = dy W.
PackedWeight backward_weight(const torch::Tensor& weight, const ProductContext& context);
/// The same in bfloat16 as a tensor, for devices whose products are LibTorch's.
torch::Tensor bfloat16_weight(const torch::Tensor& weight, const ProductContext& context);

}  // namespace weft::kernels
