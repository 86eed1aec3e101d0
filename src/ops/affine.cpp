#include "ops/affine.h"

#include <torch/types.h>

#include "kernels/linear.h"
#include "ops/gpu_linear.h"

namespace weft::ops {
namespace {

// Packing a weight costs as much as multiplying a few rows.
bool packing_pays(const ComputeContext& compute, const AffineInput& in) {
  constexpr int64_t kFewRows = 16;
  return is_for_cpu(compute, in.input) &&
         (in.input.numel() >= kFewRows * in.input.size(-1) || compute.frozen != nullptr);
}

torch::Tensor packed_affine(const ComputeContext& compute, const AffineInput& in) {
  return kernels::linear(in.input, in.weight, in.bias, compute);
}

bool has_gpu_affine(const ComputeContext& compute, const AffineInput& in) {
  return is_for_gpu(compute, in.input);
}

torch::Tensor gpu_affine(const ComputeContext& compute, const AffineInput& in) {
  return gpu_linear(in.input, in.weight, in.bias, compute);
}

torch::Tensor plain_affine(const ComputeContext& /*compute*/, const AffineInput& in) {
  return torch::linear(in.input, in.weight, in.bias);
}

constexpr Backend<torch::Tensor, AffineInput> kAffine[] = {
    {"packed", packing_pays, packed_affine},
    {"gpu", has_gpu_affine, gpu_affine},
    {"plain", always, plain_affine},
};

}  // namespace

constinit const Op<torch::Tensor, AffineInput> affine{kAffine};

}  // namespace weft::ops
