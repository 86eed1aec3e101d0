#include "train/adafactor.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

namespace weft {
namespace {

constexpr double kEpsilon1 = 1e-30, kEpsilon2 = 1e-3;
constexpr double kClippingThreshold = 1;
constexpr double kDecayExponent = -0.8;

double root_mean_square(const torch::Tensor& tensor) {
  return std::sqrt(tensor.pow(2).mean().item<double>());
}

/// A tensor of more than two dimensions counts as the matrix of its first against all others.
torch::Tensor as_matrix(const torch::Tensor& tensor) { return tensor.flatten(1); }

bool is_factored(const torch::Tensor& tensor) { return tensor.dim() > 1; }

}  // namespace

Adafactor::Adafactor(const NamedTensors& parameters, const NamedTensors& averages,
                     const OptimizerOptions& options)
    : Optimizer(parameters, averages, options) {
  torch::NoGradGuard no_grad;
  for (auto& slot : slots()) {
    if (!is_factored(slot.parameter)) {
      slot.state["v"] = torch::zeros_like(slot.parameter);
      continue;
    }
    const auto matrix = as_matrix(slot.parameter);
    slot.state["row"] = torch::zeros({matrix.size(0)}, matrix.options());
    slot.state["column"] = torch::zeros({matrix.size(1)}, matrix.options());
  }
}

torch::Tensor Adafactor::direction(Slot& slot, const torch::Tensor& gradient, double decay) {
  const auto squares = gradient.pow(2).add_(kEpsilon1);
  if (!is_factored(gradient))
    return gradient / slot.state.at("v").mul_(decay).add_(squares, 1 - decay).sqrt();
  const auto matrix = as_matrix(squares);
  auto& row = slot.state.at("row").mul_(decay).add_(matrix.sum(1), 1 - decay);
  auto& column = slot.state.at("column").mul_(decay).add_(matrix.sum(0), 1 - decay);
  const auto of_rows = (row / row.sum()).rsqrt_().unsqueeze(1);
  return (as_matrix(gradient) * of_rows).mul_(column.rsqrt()).view_as(gradient);
}

void Adafactor::move(const std::vector<Slot*>& slots, const Move& move) {
  const double decay = 1 - std::pow(static_cast<double>(updates()), kDecayExponent);
  for (Slot* slot : slots) {
    const double step = move.rate * std::max(kEpsilon2, root_mean_square(slot->parameter));
    const auto u = direction(*slot, slot->parameter.grad() * move.gradient_scale, decay);
    const double clipping = std::max(1.0, root_mean_square(u) / kClippingThreshold);
    slot->parameter.add_(u, -step / clipping);
  }
}

}  // namespace weft
