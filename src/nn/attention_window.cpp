#include "nn/attention_window.h"

#include <torch/nn/module.h>
#include <torch/types.h>

namespace weft {
namespace {

/// j - p: [N, S], centre [N, 1].
torch::Tensor distance_to(const torch::Tensor& centre, int64_t annotations) {
  return torch::arange(annotations, centre.options().requires_grad(false)).unsqueeze(0) - centre;
}

}  // namespace

WindowView GlobalWindowImpl::look(const ComputeContext& /*compute*/, const torch::Tensor& /*query*/,
                                  const torch::Tensor& mask, const torch::Tensor& /*step*/) {
  return {mask, {}};
}

WindowView MonotonicWindowImpl::look(const ComputeContext& /*compute*/,
                                     const torch::Tensor& /*query*/, const torch::Tensor& mask,
                                     const torch::Tensor& step) {
  const auto centre = torch::minimum(step, mask.sum(1) - 1).unsqueeze(1);  // [N, 1]
  return {mask.logical_and(distance_to(centre, mask.size(1)).abs() <= width_), {}};
}

PredictiveWindowImpl::PredictiveWindowImpl(const AttentionWidths& widths, int64_t width)
    : position_hidden_(
          register_module("position_hidden", Linear(widths.query, widths.query, Bias::kWithout))),
      position_(register_module("position", Linear(widths.query, 1, Bias::kWithout))),
      width_(width) {}

void PredictiveWindowImpl::initialize() {
  position_hidden_->initialize();
  position_->initialize();
}

WindowView PredictiveWindowImpl::look(const ComputeContext& compute, const torch::Tensor& query,
                                      const torch::Tensor& mask, const torch::Tensor& /*step*/) {
  const auto part =
      torch::sigmoid(position_(compute, torch::tanh(position_hidden_(compute, query))));  // [N, 1]
  const auto distance = distance_to(mask.sum(1, true) * part, mask.size(1));
  const double deviation = static_cast<double>(width_) / 2;
  return {mask.logical_and(distance.abs() <= width_),
          torch::exp(distance.square() / (-2 * deviation * deviation))};
}

AttentionWindow make_attention_window(const AttentionOptions& options,
                                      const AttentionWidths& widths) {
  switch (options.window) {
    case AttentionWindowType::kGlobal:
      return std::make_shared<GlobalWindowImpl>();
    case AttentionWindowType::kMonotonic:
      return std::make_shared<MonotonicWindowImpl>(options.window_width);
    case AttentionWindowType::kPredictive:
      return std::make_shared<PredictiveWindowImpl>(widths, options.window_width);
  }
  TORCH_CHECK(false, "unknown attention window");
}

}  // namespace weft
