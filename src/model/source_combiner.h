#pragma once
// What a decoder sees of several sources.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "config/model_options.h"
#include "model/encoder.h"
#include "nn/linear.h"

namespace weft {

/// Makes one of what the encoders of K sources give. Annotations come one behind the other. What
/// the decoder's first state is made of, means or last states x^k, is mapped together (Zoph &
/// Knight 2016, arXiv:1601.00710, equation 1, whose tanh is the decoder's):
///   x = W [x^1 ; ... ; x^K]
class SourceCombinerImpl : public torch::nn::Module {
 public:
  /// `width` is that of an annotation, in each of `sources`.
  SourceCombinerImpl(const ModelOptions& options, int64_t width, int64_t sources);
  void initialize();
  EncoderOutput forward(const ComputeContext& compute, const std::vector<EncoderOutput>& outputs);

 private:
  bool reads_last_;
  Linear fixed_{nullptr};  // W; none where the decoder does not read what it gives
};
TORCH_MODULE(SourceCombiner);

}  // namespace weft
