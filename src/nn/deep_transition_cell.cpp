#include "nn/deep_transition_cell.h"

#include <torch/nn/module.h>
#include <torch/types.h>

#include <string>
#include <utility>

namespace weft {

DeepTransitionCellImpl::DeepTransitionCellImpl(std::vector<RecurrentCell> transitions)
    : RecurrentCellImpl(transitions.front()->hidden()), transitions_(std::move(transitions)) {
  for (std::size_t k = 0; k < transitions_.size(); ++k)
    register_module("transition_" + std::to_string(k), transitions_[k]);
}

void DeepTransitionCellImpl::initialize() {
  for (auto& transition : transitions_) transition->initialize();
}

torch::Tensor DeepTransitionCellImpl::project(const ComputeContext& compute,
                                              const torch::Tensor& input) {
  return first().project(compute, input);
}

torch::Tensor DeepTransitionCellImpl::project_nothing(int64_t rows) {
  return first().project_nothing(rows);
}

torch::Tensor DeepTransitionCellImpl::start(const torch::Tensor& hidden) const {
  return first().start(hidden);
}

torch::Tensor DeepTransitionCellImpl::output(const torch::Tensor& state) const {
  return first().output(state);
}

int64_t DeepTransitionCellImpl::recurrent_mask_width() const {
  return static_cast<int64_t>(transitions_.size()) * first().recurrent_mask_width();
}

torch::Tensor DeepTransitionCellImpl::next_state(const ComputeContext& compute,
                                                 const torch::Tensor& gates,
                                                 const torch::Tensor& state,
                                                 const StateFactors& factors) {
  const int64_t width = first().recurrent_mask_width();
  auto next = state;
  for (std::size_t k = 0; k < transitions_.size(); ++k) {
    auto& transition = *transitions_[k];
    StateFactors own;
    if (factors.before.defined())
      own.before = factors.before.narrow(1, static_cast<int64_t>(k) * width, width);
    if (k == 0) own.after = factors.after;  // the others read nothing that it is weighed against
    next = transition.step(compute, k == 0 ? gates : transition.project_nothing(state.size(0)),
                           next, own);
  }
  return next;
}

}  // namespace weft
