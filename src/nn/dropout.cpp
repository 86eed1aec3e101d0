#include "nn/dropout.h"

#include <torch/types.h>

namespace weft {
namespace {

torch::Tensor dropped_out(const torch::Tensor& x, at::IntArrayRef mask_shape, double p) {
  return x *
         torch::empty(mask_shape, x.options().requires_grad(false)).bernoulli_(1 - p).div_(1 - p);
}

}  // namespace

torch::Tensor variational_dropout(const torch::Tensor& x, double p, bool training) {
  if (!training || p == 0) return x;
  return dropped_out(x, {x.size(0), 1, x.size(2)}, p);
}

torch::Tensor plain_dropout(const torch::Tensor& x, double p, bool training) {
  if (!training || p == 0) return x;
  return dropped_out(x, x.sizes(), p);
}

torch::Tensor unit_dropout(const torch::Tensor& x, double p, DropoutKind kind, bool training) {
  switch (kind) {
    case DropoutKind::kVariational:
      return variational_dropout(x, p, training);
    case DropoutKind::kPlain:
      return plain_dropout(x, p, training);
  }
  TORCH_CHECK(false, "unknown dropout ", static_cast<int>(kind));
}

torch::Tensor word_dropout(const torch::Tensor& x, double p, bool training) {
  if (!training || p == 0) return x;
  return dropped_out(x, {x.size(0), x.size(1), 1}, p);
}

}  // namespace weft
