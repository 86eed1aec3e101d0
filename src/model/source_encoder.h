#pragma once
// What reads one source of a model.

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>

#include "config/model_options.h"
#include "data/batch.h"
#include "model/encoder.h"
#include "model/vocabulary_sizes.h"
#include "nn/factor_embedding.h"

namespace weft {

/// The embeddings of a source's words and of their factors, and an encoder of them. Its parts are
/// registered with the model: source_embedding, factor_embedding and encoder, behind whose names
/// stands _k for source number k > 1.
class SourceEncoder {
 public:
  /// `number` counts from 1. `embedding` is the words' [V, E], if it is another's too.
  SourceEncoder(torch::nn::Module& model, const ModelOptions& options, const SourceSizes& sizes,
                int64_t number, const torch::Tensor& embedding = {});
  /// In this order, with the rest of the model between: so the same seed makes the same model as
  /// ever.
  void initialize();
  void initialize_embedding();
  void initialize_factors();
  EncoderOutput read(const Source& source);

 private:
  DropoutOptions dropout_;
  Encoder encoder_;
  torch::Tensor embedding_;  // [V, E]
  FactorEmbedding factors_{nullptr};
};

}  // namespace weft
