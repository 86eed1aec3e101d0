// What needs LibTorch, where search is compiled without it: need_of_libtorch() lets none of
// it come here.

#include "base/error.h"
#include "data/network_features.h"
#include "kernels/additive_attention.h"
#include "nn/device.h"
#include "nn/dropout.h"
#include "nn/hard_attention.h"
#include "nn/image_convolution.h"
#include "nn/tensor_library.h"
#include "ops/attention.h"
#include "ops/gpu_cells.h"
#include "ops/gpu_linear.h"
#include "ops/gpu_matmul_rate.h"

namespace weft {
namespace {

[[noreturn]] void refuse(const char* what) { tensors::fail(what, " without LibTorch"); }

}  // namespace

std::string libtorch_version() { return ""; }

torch::Device resolved(const DeviceChoice& choice) {
  if (choice.kind == DeviceChoice::Kind::kCuda) refuse("a GPU");
  return torch::kCPU;
}
DeviceChoice choice_of(const torch::Device& /*device*/) { return {DeviceChoice::Kind::kCpu}; }
void compute_beside_others(const torch::Device& /*device*/) {}

torch::Tensor plain_dropout(const torch::Tensor& x, double /*p*/, bool /*training*/) { return x; }
torch::Tensor unit_dropout(const torch::Tensor& x, double /*p*/, DropoutKind /*kind*/,
                           bool /*training*/) {
  return x;
}
torch::Tensor word_dropout(const torch::Tensor& x, double /*p*/, bool /*training*/) { return x; }
HardChoice draw_position(const torch::Tensor& /*weights*/, const torch::Tensor& /*expected*/) {
  refuse("training");
}

std::unique_ptr<FeatureItems> network_features(std::unique_ptr<PictureItems> /*pictures*/,
                                               const ItemOptions& /*options*/) {
  refuse("a network of pictures");
}
std::string network_hash(const std::string& /*path*/) { refuse("a network of pictures"); }

ImageConvolutionNetworkImpl::ImageConvolutionNetworkImpl(ImageConvolution /*kind*/,
                                                         int64_t /*channels*/, int64_t /*units*/) {
  refuse("a convolution");
}
void ImageConvolutionNetworkImpl::initialize() { refuse("a convolution"); }
torch::Tensor ImageConvolutionNetworkImpl::forward(const torch::Tensor& /*pictures*/) {
  refuse("a convolution");
}

namespace kernels {

SharedAttention share_attention(const AttentionStep& /*source*/) { refuse("training"); }
AttentionStepOutput additive_attention(const torch::Tensor& /*query*/,
                                       const SharedAttention& /*source*/) {
  refuse("training");
}

}  // namespace kernels

namespace ops {

torch::Tensor fused_gru_step(const ComputeContext& /*compute*/, const CellStep& /*step*/) {
  refuse("a GPU");
}
torch::Tensor fused_lstm_step(const ComputeContext& /*compute*/, const CellStep& /*step*/) {
  refuse("a GPU");
}
torch::Tensor cudnn_gru(const ComputeContext& /*compute*/, const CellLayer& /*layer*/) {
  refuse("a GPU");
}
torch::Tensor cudnn_lstm(const ComputeContext& /*compute*/, const CellLayer& /*layer*/) {
  refuse("a GPU");
}
torch::Tensor gpu_linear(const torch::Tensor& /*input*/, const torch::Tensor& /*weight*/,
                         const torch::Tensor& /*bias*/,
                         const kernels::ProductContext& /*context*/) {
  refuse("a GPU");
}
std::vector<double> gpu_matmul_rates(Precision /*precision*/, const torch::Device& /*device*/,
                                     int /*rounds*/) {
  refuse("a GPU");
}

}  // namespace ops
}  // namespace weft
