#include "search/step_model.h"

#include <torch/torch.h>

#include <cmath>
#include <utility>

namespace weft {

SearchState SearchState::select(const torch::Tensor& sentences,
                                const torch::Tensor& hypotheses) const {
  auto selected = select_hypotheses(hypotheses);
  for (auto& memory : selected.memories) memory = memory.select(sentences);
  return selected;
}

SearchState SearchState::select_hypotheses(const torch::Tensor& hypotheses) const {
  SearchState selected{memories, {}};
  for (const auto& state : states) selected.states.push_back(state.select(hypotheses));
  return selected;
}

Ensemble::Ensemble(std::vector<TranslationModel> models) : models_(std::move(models)) {
  TORCH_CHECK(!models_.empty(), "an ensemble needs a model");
}

SearchState Ensemble::start(const SourceBatch& source) {
  const kernels::FrozenWeightsGuard guard(frozen_);
  SearchState state;
  for (auto& model : models_) {
    auto begun = model->start(source);
    state.memories.push_back(std::move(begun.memory));
    state.states.push_back(std::move(begun.state));
  }
  return state;
}

StepResult Ensemble::step(const torch::Tensor& last_tokens, const SearchState& state) {
  const kernels::FrozenWeightsGuard guard(frozen_);
  std::vector<torch::Tensor> log_probs, attention;
  StepResult result;
  result.state.memories = state.memories;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    auto predicted = models_[i]->step(last_tokens, state.states[i], state.memories[i]);
    log_probs.push_back(predicted.log_probs);
    attention.push_back(predicted.attention);
    result.state.states.push_back(std::move(predicted.state));
  }
  if (models_.size() == 1) {
    result.log_probs = log_probs[0];
    result.attention = attention[0];
    return result;
  }
  const double count = static_cast<double>(models_.size());
  result.log_probs = torch::logsumexp(torch::stack(log_probs), 0) - std::log(count);
  result.attention = torch::stack(attention).mean(0);
  return result;
}

}  // namespace weft
