#pragma once
// What stands for the embeddings of words where a source is not text.

#include <torch/nn/module.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "config/model_options.h"
#include "data/batch.h"
#include "nn/image_convolution.h"
#include "nn/linear.h"

namespace weft {

/// Vectors v_j of an item, or what a convolution makes of a picture, to the inputs x_j of an
/// encoder:
///   x_j = norm(f(W v_j + b)) + p_j
/// with f the identity or max(0, ·), layer normalisation (Ba et al. 2016, arXiv:1607.06450) and
/// positions p if the options say so. As in Xu et al. 2015 (arXiv:1502.03044) for pictures and Chan
/// et al. 2016 (arXiv:1508.01211) for sound.
class AnnotationInputImpl : public torch::nn::Module {
 public:
  /// `width` is that of a vector, or the channels of a picture; `units` what an encoder reads.
  /// Throws UserError if vectors shall stay as they are, but are not as wide.
  AnnotationInputImpl(const InputOptions& options, int64_t width, int64_t units);
  void initialize();
  /// [B, S, units]
  torch::Tensor forward(const ComputeContext& compute, const Source& source);

 private:
  /// [B, S, D]: the mean of a picture's vectors behind them, if the options say so.
  torch::Tensor convolve(const torch::Tensor& pictures);
  /// p, broadcast to [B, S, units].
  torch::Tensor positions(const Source& source, const torch::Tensor& vectors) const;

  InputOptions options_;
  ImageConvolutionNetwork convolution_{nullptr};
  Linear map_{nullptr};
  torch::nn::LayerNorm norm_{nullptr};
};
TORCH_MODULE(AnnotationInput);

}  // namespace weft
