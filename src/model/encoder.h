#pragma once
// Source tokens to annotations.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <vector>

#include "config/model_options.h"
#include "nn/recurrent_cell.h"

namespace weft {

/// What attention reads. B sentences of S annotations.
struct EncoderOutput {
  torch::Tensor states;   ///< annotations [B, S, C]
  torch::Tensor mask;     ///< bool [B, S], true at tokens
  torch::Tensor summary;  ///< [B, C], the mean annotation; the decoder starts from it
};

/// Bidirectional recurrent encoder. Bahdanau et al. 2015 (arXiv:1409.0473), section 3.2:
///   h_j = [h→_j ; h←_j],  h→_j = f(x_j, h→_{j-1}),  h←_j = f(x_j, h←_{j+1})
/// Stacked layers read the annotations of the layer below.
class EncoderImpl : public torch::nn::Module {
 public:
  EncoderImpl(int64_t embedding, const EncoderOptions& options, double dropout);
  void initialize();
  /// embeddings [B, S, E], mask bool [B, S]
  EncoderOutput forward(const torch::Tensor& embeddings, const torch::Tensor& mask);
  int64_t annotation_width() const { return 2 * options_.hidden; }

 private:
  torch::Tensor read(RecurrentCellImpl& cell, const torch::Tensor& input, const torch::Tensor& mask,
                     Direction direction);

  EncoderOptions options_;
  double dropout_;
  std::vector<RecurrentCell> forward_cells_, backward_cells_;  // one of each per layer
};
TORCH_MODULE(Encoder);

}  // namespace weft
