#pragma once
// What reads one source of a model.

#include <torch/nn/module.h>
#include <torch/types.h>

#include <cstdint>

#include "config/model_options.h"
#include "data/batch.h"
#include "model/annotation_input.h"
#include "model/encoder.h"
#include "model/vocabulary_sizes.h"
#include "nn/factor_embedding.h"

namespace weft {

/// The embeddings of a source's words and of their factors, or what stands for them where it is not
/// text, and an encoder of them. Its parts are registered with the model: source_embedding,
/// factor_embedding or source_input, and encoder, behind whose names stands _k for source number
/// k > 1.
class SourceEncoder {
 public:
  /// Of source `number` from 1 of those that `sizes` has. `embedding` is the words' [V, E], if it
  /// is another's too.
  SourceEncoder(torch::nn::Module& model, const ModelOptions& options, const VocabularySizes& sizes,
                int64_t number, const torch::Tensor& embedding = {});
  /// In this order, with the rest of the model between: so the same seed makes the same model as
  /// ever.
  void initialize();
  void initialize_embedding();
  void initialize_factors();
  EncoderImpl::Work work() const { return encoder_->work(); }
  EncoderOutput read(const ComputeContext& compute, const Source& source);

 private:
  /// [B, S, E]
  torch::Tensor embed(const ComputeContext& compute, const Source& source);

  DropoutOptions dropout_;
  Encoder encoder_{nullptr};
  torch::Tensor embedding_;  // [V, E]; undefined but for text
  FactorEmbedding factors_{nullptr};
  AnnotationInput input_{nullptr};  // none for text
};

}  // namespace weft
