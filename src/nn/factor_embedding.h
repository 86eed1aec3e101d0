#pragma once
// Embeddings of what is known of a word besides its spelling.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "config/model_options.h"

namespace weft {

/// A source word's embedding combined with those of its factors f_1 ... f_F. Sennrich & Haddow 2016
/// (arXiv:1606.02892), equation 7:
///   x = [E w ; E_1 f_1 ; ... ; E_F f_F],   or with kSum   x = E w + E_1 f_1 + ... + E_F f_F
class FactorEmbeddingImpl : public torch::nn::Module {
 public:
  /// `vocabularies` has the size of each factor's vocabulary, as many as options.factors.
  FactorEmbeddingImpl(const EmbeddingOptions& options, const std::vector<int64_t>& vocabularies);
  void initialize();
  /// words [B, S, E], factors: for each int64 [B, S] -> [B, S, source_width()]
  torch::Tensor forward(const torch::Tensor& words, const std::vector<torch::Tensor>& factors);

 private:
  FactorCombination combination_;
  std::vector<torch::Tensor> embeddings_;  // [V_k, E_k]
};
TORCH_MODULE(FactorEmbedding);

}  // namespace weft
