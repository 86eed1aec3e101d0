#pragma once
// Source tokens to annotations.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <vector>

#include "config/encoder_widths.h"
#include "config/model_options.h"
#include "nn/recurrent_cell.h"

namespace weft {

/// What attention reads. B sentences of S annotations; S may be fewer than the source's tokens.
struct EncoderOutput {
  torch::Tensor states;   ///< annotations [B, S, C]
  torch::Tensor mask;     ///< bool [B, S], true where there is an annotation
  torch::Tensor summary;  ///< [B, C], the mean annotation
  torch::Tensor last;     ///< [B, C], what each cell ends with; recurrent encoders alone
  /// [B, S, tokens]: where an annotation is of several tokens, 1/n at each of its n; undefined
  /// where annotation j is of token j.
  torch::Tensor token_weights;
  /// How many annotations each of several sources has, which stand one behind the other; empty: all
  /// are of one source.
  std::vector<int64_t> sections = {};
  /// What the cells of each layer end with [B, W], side by side: the state of a cell as wide as
  /// they are together. Of an encoder that keeps them alone.
  std::vector<torch::Tensor> layer_states = {};
};

/// Source embeddings x_j to annotations h_j. Bahdanau et al. 2015 (arXiv:1409.0473), section 3.2:
///   h_j = [h→_j ; h←_j],  h→_j = f(x_j, h→_{j-1}),  h←_j = f(x_j, h←_{j+1})
/// Layers above the first read the annotations below in place of x, each after `pyramid` of them
/// have been put one behind the other (Chan et al. 2016, arXiv:1508.01211, eq. 5). EncoderDirection
/// has the orders. Without recurrence, h_j = √E x_j + p_j with positions p (nn/positions.h), or
/// h_j = x_j. In a grid, each row may be read by itself (Deng et al. 2017, arXiv:1609.04938).
class EncoderImpl : public torch::nn::Module {
 public:
  EncoderImpl(int64_t embedding, const EncoderOptions& options, const DropoutOptions& dropout,
              bool keeps_layer_states = false);
  void initialize();
  /// Multiply-adds for a token of the source, and the annotations there are for one.
  struct Work {
    double per_token = 0;
    double annotations = 1;
  };
  Work work() const;
  /// embeddings [B, S, E], mask bool [B, S]. With kRows, they stand in rows of `columns` each.
  EncoderOutput forward(const ComputeContext& compute, const torch::Tensor& embeddings,
                        const torch::Tensor& mask, int64_t columns = 0);

 private:
  /// A cell and the end of the source it starts from.
  struct DirectedCell {
    RecurrentCell cell;
    Direction direction;
  };
  /// What the cells of a layer made of their inputs, side by side.
  struct LayerOutput {
    torch::Tensor states;  ///< [B, S, ...]
    torch::Tensor last;    ///< [B, ...]
    torch::Tensor whole;   ///< EncoderOutput::layer_states; undefined where they are not kept
  };

  void add_layer(int64_t layer, int64_t inputs);
  LayerOutput read(const ComputeContext& compute, std::size_t layer, const torch::Tensor& input,
                   const torch::Tensor& mask);
  EncoderOutput read_all(const ComputeContext& compute, const torch::Tensor& embeddings,
                         const torch::Tensor& mask);
  EncoderOutput read_rows(const ComputeContext& compute, const torch::Tensor& embeddings,
                          const torch::Tensor& mask, int64_t columns);

  EncoderOptions options_;
  DropoutOptions dropout_;
  bool keeps_layer_states_;
  std::vector<std::vector<DirectedCell>> layers_;
};
TORCH_MODULE(Encoder);

}  // namespace weft
