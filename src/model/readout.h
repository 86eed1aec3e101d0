#pragma once
// Decoder output to the layer that the softmax reads.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "config/model_options.h"
#include "model/decoder.h"
#include "nn/context_gate.h"
#include "nn/linear.h"

namespace weft {

/// What a readout reads and gives.
struct ReadoutWidths {
  int64_t hidden;      ///< H
  int64_t embedding;   ///< E
  int64_t annotation;  ///< C
};

/// Deep output. Pascanu et al. 2014 (arXiv:1312.6026):
///   a_i = W_s s_i + W_y y_{i-1} + W_c c_i + b
///   kTanh:   t_i = tanh(a_i) (Nematus, arXiv:1703.04357; without W_y y_{i-1}, Luong et al. 2015)
///   kMaxout: t_ik = max(a_i,2k, a_i,2k+1) (Bahdanau et al. 2015, arXiv:1409.0473, A.2.2)
/// With attention after the cell, a context gate weighs W_c c_i against the other two.
class ReadoutImpl : public torch::nn::Module {
 public:
  ReadoutImpl(const ReadoutWidths& widths, const DecoderOptions& options);
  void initialize();
  /// hidden [..., H], embedding [..., E], context [..., C] -> [..., R]
  torch::Tensor forward(const ComputeContext& compute, const torch::Tensor& hidden,
                        const torch::Tensor& embedding, const torch::Tensor& context);
  /// The same from map_context(context); without a context gate.
  torch::Tensor read_mapped(const ComputeContext& compute, const torch::Tensor& hidden,
                            const torch::Tensor& embedding, const torch::Tensor& mapped_context);
  /// W_c c, from contexts or annotations [..., C]
  torch::Tensor map_context(const ComputeContext& compute, const torch::Tensor& context) {
    return context_(compute, context);
  }

 private:
  /// W_s s + W_y y + b
  torch::Tensor target_part(const ComputeContext& compute, const torch::Tensor& hidden,
                            const torch::Tensor& embedding);
  torch::Tensor activate(const torch::Tensor& sum) const;

  ReadoutType type_;
  Linear hidden_{nullptr}, embedding_{nullptr}, context_{nullptr};
  ContextGate gate_{nullptr};
};
TORCH_MODULE(Readout);

}  // namespace weft
