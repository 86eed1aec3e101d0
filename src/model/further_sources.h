#pragma once
// The sources besides the first of a model that reads several.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "config/model_options.h"
#include "data/batch.h"
#include "model/encoder.h"
#include "nn/linear.h"

namespace weft {

/// An encoder with embeddings of its own for every source but the first, and what makes one of what
/// all K sources give, so that a decoder sees one. Annotations come one behind the other. What the
/// decoder's first state is made of, means or last states x^k, is mapped together (Zoph & Knight
/// 2016, arXiv:1601.00710, equation 1, whose tanh is the decoder's):
///   x = W [x^1 ; ... ; x^K]
class FurtherSourcesImpl : public torch::nn::Module {
 public:
  /// `vocabularies` has the size of the vocabulary of each source but the first.
  FurtherSourcesImpl(const ModelOptions& options, const std::vector<int64_t>& vocabularies);
  void initialize();
  /// Joins what the encoders of all sources give; `first` is the first one's.
  EncoderOutput join(const EncoderOutput& first, const std::vector<SourceBatch>& further);

 private:
  /// An encoder and the embeddings [V, E] it reads.
  struct Source {
    torch::Tensor embedding;
    Encoder encoder;
  };
  EncoderOutput encode(Source& source, const SourceBatch& batch);

  ModelOptions options_;
  std::vector<Source> sources_;
  Linear fixed_{nullptr};  // W; none where the decoder does not read what it gives
};
TORCH_MODULE(FurtherSources);

}  // namespace weft
