#pragma once
// Pictures to vectors, by layers that are trained with the rest of a model.

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace weft {

/// Three layers of 3x3 convolutions that take every second place:
///   x_0 = pixels / 127.5 - 1,   x_i = max(0, W_i * x_{i-1} + b_i)
/// The first has a quarter of the `units` of the last, the second half of them. A place of the
/// first two reads the pixels 2i to 2i + 2, one of the third 2i - 1 to 2i + 1: so what a place of
/// the last reads has its middle at 8i + 3, as near to that of its eight pixels as can be.
class ImageConvolutionNetworkImpl : public torch::nn::Module {
 public:
  ImageConvolutionNetworkImpl(int64_t channels, int64_t units);
  void initialize();
  /// uint8 [B, C, H, W] -> [B, h·w, units], row by row; h and w are an eighth, rounded up
  torch::Tensor forward(const torch::Tensor& pictures);

 private:
  std::vector<torch::nn::Conv2d> layers_;
};
TORCH_MODULE(ImageConvolutionNetwork);

}  // namespace weft
