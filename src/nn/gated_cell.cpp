#include "nn/gated_cell.h"

#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "nn/new_parameter.h"
#include "ops/affine.h"

namespace weft {

GatedCellImpl::GatedCellImpl(const CellSize& size, const GateCounts& counts)
    : RecurrentCellImpl(size.hidden), counts_(counts) {
  const int64_t input_gates = counts.input * size.hidden;
  const int64_t state_gates = counts.state * size.hidden;
  if (size.inputs > 0) {
    weight_ih = register_parameter("weight_ih", new_parameter({input_gates, size.inputs}));
  }
  if (state_gates > 0) {
    weight_hh = register_parameter("weight_hh", new_parameter({state_gates, size.hidden}));
  }
  bias_ih = register_parameter("bias_ih", new_parameter({input_gates}));
  if (state_gates > 0) bias_hh = register_parameter("bias_hh", new_parameter({state_gates}));
}

void GatedCellImpl::initialize() {
  torch::NoGradGuard no_grad;
  if (weight_ih.defined()) {
    for (auto& gate : weight_ih.chunk(counts_.input)) torch::nn::init::xavier_uniform_(gate);
  }
  bias_ih.zero_();
  // A transition without input begins by carrying the state on: with z = 1/2 in each, a few of them
  // a step leave nothing of what was read some steps ago (Zilly et al. 2017, arXiv:1607.03474,
  // section 5). σ(2) = 0.88.
  if (!weight_ih.defined() && counts_.carry != GateCounts::kNoCarry)
    bias_ih.narrow(0, counts_.carry * hidden(), hidden()).fill_(2);
  if (!weight_hh.defined()) return;
  // Orthogonal recurrent weights keep the norm of a state over many steps (Saxe et al. 2014,
  // arXiv:1312.6120).
  for (auto& gate : weight_hh.chunk(counts_.state)) torch::nn::init::orthogonal_(gate);
  bias_hh.zero_();
}

torch::Tensor GatedCellImpl::project(const ComputeContext& compute, const torch::Tensor& input) {
  return ops::affine(compute, {input, weight_ih, bias_ih});
}

torch::Tensor GatedCellImpl::project_nothing(int64_t rows) {
  return bias_ih.expand({rows, gate_width()});
}

}  // namespace weft
