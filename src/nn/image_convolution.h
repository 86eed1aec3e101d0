#pragma once
// Pictures to vectors, by layers that are trained with the rest of a model.

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "config/model_options.h"

namespace weft {

/// Layers of 3x3 convolutions, x_0 = pixels / 127.5 - 1 and x_i = max(0, W_i * x_{i-1} + b_i).
///
/// small: three that take every second place. The first has a quarter of the `units` of the last,
/// the second half of them. A place of the first two reads the pixels 2i to 2i + 2, one of the
/// third 2i - 1 to 2i + 1: so what a place of the last reads has its middle at 8i + 3, as near to
/// that of its eight pixels as can be.
///
/// im2latex: six that take every place (Deng et al. 2017, arXiv:1609.04938, table 1), with an
/// eighth, a quarter, half, half, all and all of the units; of each two places in a row and a
/// column, then again, then of two in a column, at last of two in a row the largest value is left,
/// after layers 1, 2, 4 and 5. Where they have batch normalisation (layers 3, 5 and 6), this has
/// normalisation over all of a picture (Wu & He 2018, arXiv:1803.08494, with one group), which
/// knows no other pictures and no mean of earlier ones.
class ImageConvolutionNetworkImpl : public torch::nn::Module {
 public:
  /// `kind` is not kNone.
  ImageConvolutionNetworkImpl(ImageConvolution kind, int64_t channels, int64_t units);
  void initialize();
  /// uint8 [B, C, H, W] -> [B, h·w, units], row by row; h and w are an eighth, rounded up
  torch::Tensor forward(const torch::Tensor& pictures);

 private:
  struct Layer {
    int64_t part = 1;  ///< of `units`: one part of so many
    int64_t stride = 1;
    int64_t before = 1, behind = 1;  ///< zeros around its input, above and left, below and right
    bool normalizes = false;
    std::vector<int64_t> pool = {};  ///< rows and columns of which the largest is left; empty: all
  };
  static std::vector<Layer> layers_of(ImageConvolution kind);

  std::vector<Layer> plan_;
  std::vector<torch::nn::Conv2d> layers_;
  std::vector<torch::nn::GroupNorm> norms_;  ///< null where there is none
};
TORCH_MODULE(ImageConvolutionNetwork);

}  // namespace weft
