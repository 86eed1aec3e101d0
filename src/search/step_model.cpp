#include "search/step_model.h"

#include <torch/torch.h>

#include <algorithm>
#include <utility>

#include "nn/fast_path.h"

namespace weft {

SearchState SearchState::select(const torch::Tensor& hypotheses) const {
  SearchState selected{memories, {}, sentences.index_select(0, hypotheses)};
  for (const auto& state : states) selected.states.push_back(state.select(hypotheses));
  return selected;
}

Ensemble::Ensemble(std::vector<TranslationModel> models, Precision precision)
    : models_(std::move(models)), precision_(precision) {
  TORCH_CHECK(!models_.empty(), "an ensemble needs a model");
}

bool Ensemble::has_attention() const {
  return std::all_of(models_.begin(), models_.end(),
                     [](const auto& model) { return model->has_attention(); });
}

SearchState Ensemble::start(const SourceBatch& source) {
  const kernels::FrozenWeightsGuard frozen(frozen_);
  const PrecisionGuard precision(precision_);
  SearchState state;
  for (auto& model : models_) {
    auto begun = model->start(source);
    state.memories.push_back(std::move(begun.memory));
    state.states.push_back(std::move(begun.state));
  }
  state.sentences = torch::arange(source.mask.size(0), source.mask.options().dtype(torch::kInt64));
  return state;
}

StepResult Ensemble::step(const torch::Tensor& last_tokens, const SearchState& state) {
  const kernels::FrozenWeightsGuard frozen(frozen_);
  const PrecisionGuard precision(precision_);
  std::vector<torch::Tensor> logits, attention;
  StepResult result;
  result.state.memories = state.memories;
  result.state.sentences = state.sentences;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    auto predicted =
        models_[i]->step(last_tokens, state.states[i], state.memories[i].read_by(state.sentences));
    logits.push_back(predicted.logits);
    attention.push_back(predicted.attention);
    result.state.states.push_back(std::move(predicted.state));
  }
  if (models_.size() == 1) {
    result.logits = logits[0];
    result.attention = attention[0];
    return result;
  }
  // log of the mean of the probabilities
  for (auto& of_model : logits) of_model = torch::log_softmax(of_model, 1);
  result.logits = torch::logsumexp(torch::stack(logits), 0);
  if (has_attention()) result.attention = torch::stack(attention).mean(0);
  return result;
}

}  // namespace weft
