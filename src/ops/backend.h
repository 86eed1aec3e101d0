#pragma once
// How an op finds who computes it: a table of backends, of which the first that fits does. The last
// is the op's plain twin, its equations in LibTorch's operations, which fits every device and type.

#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <span>

#include "ops/compute_context.h"

namespace weft::ops {

/// One way to compute an op.
template <typename Output, typename Input>
struct Backend {
  const char* name;  ///< for tests
  bool (*fits)(const ComputeContext& compute, const Input& input);
  Output (*run)(const ComputeContext& compute, const Input& input);
};

/// An op is called as a function is; several threads may do so at once.
template <typename Output, typename Input>
class Op {
 public:
  template <std::size_t kCount>
  constexpr explicit Op(const Backend<Output, Input> (&backends)[kCount]) : backends_(backends) {}

  Output operator()(const ComputeContext& compute, const Input& input) const {
    for (const auto& backend : backends_.first(backends_.size() - 1))
      if (backend.fits(compute, input)) return backend.run(compute, input);
    return plain().run(compute, input);
  }
  std::span<const Backend<Output, Input>> backends() const { return backends_; }
  const Backend<Output, Input>& plain() const { return backends_.back(); }

 private:
  std::span<const Backend<Output, Input>> backends_;
};

/// For plain twins.
template <typename Input>
bool always(const ComputeContext& /*compute*/, const Input& /*input*/) {
  return true;
}

/// Whether kernels for the processor may compute on `x`: float32 there.
inline bool is_for_cpu(const ComputeContext& compute, const torch::Tensor& x) {
  return !compute.plain && x.device().is_cpu() && x.scalar_type() == torch::kFloat32;
}

/// Whether those without a backward pass may: nobody wants gradients either.
inline bool is_for_search(const ComputeContext& compute, const torch::Tensor& x) {
  return is_for_cpu(compute, x) && !torch::GradMode::is_enabled();
}

/// Whether what suits a GPU may: float32 there.
inline bool is_for_gpu(const ComputeContext& compute, const torch::Tensor& x) {
  return !compute.plain && x.is_cuda() && x.scalar_type() == torch::kFloat32;
}

/// The same where cuDNN is there too.
inline bool is_for_cudnn(const ComputeContext& compute, const torch::Tensor& x) {
  return is_for_gpu(compute, x) && torch::cuda::cudnn_is_available();
}

}  // namespace weft::ops
