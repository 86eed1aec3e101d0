#pragma once
// A second attention, which says what a target word translates and takes no part in translating.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "config/model_options.h"
#include "model/encoder.h"
#include "nn/attention_score.h"
#include "nn/linear.h"

namespace weft {

/// The translation's attention must guess the word y_i that its row i belongs to: it has read what
/// comes before it alone. The head explains a target that is complete, so its query has read y_i,
/// as in the Shift-AET of Chen et al. 2020 (arXiv:2004.14837), and what follows, as in Mask-Align
/// (Chen et al. 2021, arXiv:2012.07162):
///   g_i = [f(r_i, g→_{i-1}); f(r_i, g←_{i+1})],   r_i = [E y_i; s_i; c_i]
///   α'_ij = softmax_j (W g_i)^T (U h_j) / sqrt(A)
/// with a GRU f, the decoder's states s_i and contexts c_i, and the annotations h_j. It is taught
/// by the links of guided alignment. No gradient goes from it into the model.
class AlignmentHeadImpl : public torch::nn::Module {
 public:
  /// `inputs`: units of r_i; `annotations`: those of h_j.
  AlignmentHeadImpl(int64_t inputs, int64_t annotations, const AlignmentHeadOptions& options);
  void initialize();
  AttentionWork work() const;

  /// What is read, without gradients.
  struct Input {
    torch::Tensor target;       ///< r [B, T, inputs]
    torch::Tensor target_mask;  ///< bool [B, T], the end of sentence included
    torch::Tensor annotations;  ///< h [B, S, C]
    torch::Tensor source_mask;  ///< bool [B, S]
  };
  /// α' [B, T, S], each row a distribution.
  torch::Tensor forward(const ComputeContext& compute, const Input& input);

 private:
  Encoder reader_;
  Linear query_;
  Linear key_;
};
TORCH_MODULE(AlignmentHead);

}  // namespace weft
