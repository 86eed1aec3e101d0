#pragma once
// Decoder output to the layer that the softmax reads.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "config/model_options.h"
#include "model/decoder.h"
#include "nn/linear.h"

namespace weft {

/// Deep output. Pascanu et al. 2014 (arXiv:1312.6026), with tanh as in Nematus (arXiv:1703.04357):
///   t_i = tanh(W_s s_i + W_y y_{i-1} + W_c c_i + b)
class ReadoutImpl : public torch::nn::Module {
 public:
  ReadoutImpl(int64_t hidden, int64_t embedding, int64_t annotation_width, int64_t width);
  void initialize();
  /// hidden [..., H], embedding [..., E], mapped_context [..., R] -> [..., R]
  torch::Tensor forward(const torch::Tensor& hidden, const torch::Tensor& embedding,
                        const torch::Tensor& mapped_context);
  /// W_c c, from contexts or annotations [..., C] -> [..., R]
  torch::Tensor map_context(const torch::Tensor& context) { return context_(context); }

 private:
  Linear hidden_, embedding_, context_;
};
TORCH_MODULE(Readout);

}  // namespace weft
