#include "nn/image_convolution.h"

#include <torch/nn/init.h>
#include <torch/types.h>

#include <algorithm>
#include <string>

namespace weft {

ImageConvolutionNetworkImpl::ImageConvolutionNetworkImpl(int64_t channels, int64_t units) {
  int64_t inputs = channels;
  for (const int64_t part : {4, 2, 1}) {
    const int64_t outputs = std::max<int64_t>(1, units / part);
    const auto options = torch::nn::Conv2dOptions(inputs, outputs, 3).stride(2);
    layers_.push_back(
        register_module("layer_" + std::to_string(layers_.size()), torch::nn::Conv2d(options)));
    inputs = outputs;
  }
}

void ImageConvolutionNetworkImpl::initialize() {
  for (auto& layer : layers_) {
    torch::nn::init::kaiming_normal_(layer->weight);
    torch::nn::init::zeros_(layer->bias);
  }
}

torch::Tensor ImageConvolutionNetworkImpl::forward(const torch::Tensor& pictures) {
  auto x = pictures.to(layers_.front()->weight.scalar_type()) / 127.5 - 1;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const bool is_last = i + 1 == layers_.size();
    const int64_t before = is_last ? 1 : 0, behind = is_last ? 1 : 2;
    x = torch::constant_pad_nd(x, {before, behind, before, behind});
    x = torch::relu(layers_[i](x));
  }
  return x.flatten(2).transpose(1, 2).contiguous();
}

}  // namespace weft
