#include "model/annotation_input.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include <string>

#include "base/error.h"
#include "nn/positions.h"

namespace weft {

AnnotationInputImpl::AnnotationInputImpl(const InputOptions& options, int64_t width, int64_t units)
    : options_(options) {
  if (options.convolution != ImageConvolution::kNone) {
    convolution_ =
        register_module("convolution", ImageConvolutionNetwork(options.convolution, width, units));
    width = units;
  }
  if (options.map == InputMap::kNone && width != units) {
    throw UserError("model.input.map is none, but the vectors of a source have " +
                    std::to_string(width) + " numbers and the encoder reads " +
                    std::to_string(units) + "; expected as many, or another map");
  }
  if (options.map != InputMap::kNone) map_ = register_module("map", Linear(width, units));
  if (options.layer_norm)
    norm_ = register_module("norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({units})));
}

void AnnotationInputImpl::initialize() {
  if (convolution_) convolution_->initialize();
  if (map_) map_->initialize();
  if (norm_) norm_->reset_parameters();
}

torch::Tensor AnnotationInputImpl::convolve(const torch::Tensor& pictures) {
  const auto vectors = convolution_(pictures);
  return options_.global ? torch::cat({vectors, vectors.mean(1, /*keepdim=*/true)}, 1) : vectors;
}

torch::Tensor AnnotationInputImpl::positions(const Source& source,
                                             const torch::Tensor& vectors) const {
  const int64_t count = vectors.size(1), units = vectors.size(2);
  if (options_.positions == InputPositions::kSinusoid)
    return sinusoid_positions(count, units, vectors.options());
  if (source.rows == 0)
    throw UserError(
        "model.input.positions is grid, but items have none, or different ones; expected files "
        "with "
        "tensors [rows, columns, width] of one size, or positions sinusoid or none");
  const auto grid = grid_positions(source.rows, source.columns, units, vectors.options());
  return torch::constant_pad_nd(grid, {0, 0, 0, count - grid.size(0)});
}

torch::Tensor AnnotationInputImpl::forward(const ComputeContext& compute, const Source& source) {
  auto x = convolution_ ? convolve(source.pictures) : source.features;
  if (map_) x = map_(compute, x);
  if (options_.map == InputMap::kRelu) x = torch::relu(x);
  if (norm_) x = norm_(x);
  return options_.positions == InputPositions::kNone ? x : x + positions(source, x);
}

}  // namespace weft
