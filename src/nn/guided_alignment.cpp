#include "nn/guided_alignment.h"

#include <torch/types.h>

namespace weft {

torch::Tensor guided_alignment_loss(const torch::Tensor& attention, const torch::Tensor& guidance) {
  constexpr double kLeast = 1e-12;
  return -(guidance.to(attention.options()) * attention.clamp_min(kLeast).log()).sum();
}

}  // namespace weft
