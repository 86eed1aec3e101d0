#include "nn/image_convolution.h"

#include <torch/nn/init.h>
#include <torch/types.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace weft {

std::vector<ImageConvolutionNetworkImpl::Layer> ImageConvolutionNetworkImpl::layers_of(
    ImageConvolution kind) {
  switch (kind) {
    case ImageConvolution::kSmall:
      return {{4, 2, 0, 2}, {2, 2, 0, 2}, {1, 2, 1, 1}};
    case ImageConvolution::kIm2latex:
      return {{.part = 8, .pool = {2, 2}},
              {.part = 4, .pool = {2, 2}},
              {.part = 2, .normalizes = true},
              {.part = 2, .pool = {2, 1}},
              {.part = 1, .normalizes = true, .pool = {1, 2}},
              {.part = 1, .normalizes = true}};
    case ImageConvolution::kNone:
      break;
  }
  throw std::invalid_argument("no convolution has no layers");
}

ImageConvolutionNetworkImpl::ImageConvolutionNetworkImpl(ImageConvolution kind, int64_t channels,
                                                         int64_t units)
    : plan_(layers_of(kind)) {
  int64_t inputs = channels;
  for (const Layer& layer : plan_) {
    const int64_t outputs = std::max<int64_t>(1, units / layer.part);
    const auto options = torch::nn::Conv2dOptions(inputs, outputs, 3).stride(layer.stride);
    const std::string number = std::to_string(layers_.size());
    layers_.push_back(register_module("layer_" + number, torch::nn::Conv2d(options)));
    norms_.emplace_back(nullptr);
    if (layer.normalizes) {
      norms_.back() = register_module(
          "norm_" + number, torch::nn::GroupNorm(torch::nn::GroupNormOptions(1, outputs)));
    }
    inputs = outputs;
  }
}

void ImageConvolutionNetworkImpl::initialize() {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    torch::nn::init::kaiming_normal_(layers_[i]->weight);
    torch::nn::init::zeros_(layers_[i]->bias);
    if (norms_[i]) norms_[i]->reset_parameters();
  }
}

torch::Tensor ImageConvolutionNetworkImpl::forward(const torch::Tensor& pictures) {
  auto x = pictures.to(layers_.front()->weight.scalar_type()) / 127.5 - 1;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = plan_[i];
    x = torch::constant_pad_nd(x, {layer.before, layer.behind, layer.before, layer.behind});
    x = layers_[i](x);
    if (norms_[i]) x = norms_[i](x);
    x = torch::relu(x);
    if (!layer.pool.empty()) {
      x = torch::max_pool2d(x, layer.pool, layer.pool, /*padding=*/0, /*dilation=*/1,
                            /*ceil_mode=*/true);
    }
  }
  return x.flatten(2).transpose(1, 2).contiguous();
}

}  // namespace weft
