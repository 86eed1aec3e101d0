#include "search/ensemble.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "nn/fast_path.h"

namespace weft {
namespace {

/// N hypotheses of B sentences, as each model sees them.
struct EnsembleState : StepState {
  std::shared_ptr<const std::vector<DecoderMemory>> memories;  // B sentences; stay as they are
  std::vector<DecoderState> states;                            // N hypotheses
  torch::Tensor sentences;  // int64 [N]: the sentence of each hypothesis

  std::unique_ptr<StepState> select(const torch::Tensor& hypotheses) const override {
    auto selected = std::make_unique<EnsembleState>();
    selected->memories = memories;
    for (const auto& state : states) selected->states.push_back(state.select(hypotheses));
    selected->sentences = sentences.index_select(0, hypotheses);
    return selected;
  }
};

}  // namespace

Ensemble::Ensemble(std::vector<TranslationModel> models, Precision precision,
                   const std::vector<double>& weights)
    : models_(std::move(models)), precision_(precision) {
  TORCH_CHECK(!models_.empty(), "an ensemble needs a model");
  TORCH_CHECK(weights.empty() || weights.size() == models_.size(), weights.size(), " weights of ",
              models_.size(), " models");
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (const double weight : weights) {
    TORCH_CHECK(weight > 0, "a model has the weight ", weight);
    weights_.push_back(static_cast<float>(weight / sum));
  }
}

/// Over models, which are equally shaped.
torch::Tensor Ensemble::mean(const std::vector<torch::Tensor>& of_models) const {
  if (weights_.empty()) return torch::stack(of_models).mean(0);
  auto sum = of_models.front() * weights_.front();
  for (std::size_t i = 1; i < of_models.size(); ++i) sum = sum + of_models[i] * weights_[i];
  return sum;
}

bool Ensemble::has_attention() const {
  return std::all_of(models_.begin(), models_.end(),
                     [](const auto& model) { return model->has_attention(); });
}

bool Ensemble::has_alignment_head() const {
  return std::all_of(models_.begin(), models_.end(),
                     [](const auto& model) { return model->has_alignment_head(); });
}

torch::Tensor Ensemble::explain(const Batch& pairs) {
  if (!has_alignment_head()) return {};
  const kernels::FrozenWeightsGuard frozen(frozen_);
  const PrecisionGuard precision(precision_);
  std::vector<torch::Tensor> weights;
  for (auto& model : models_) weights.push_back(model->force(pairs).head);
  return mean(weights);
}

std::unique_ptr<StepState> Ensemble::start(const SourceBatch& sources) {
  const kernels::FrozenWeightsGuard frozen(frozen_);
  const PrecisionGuard precision(precision_);
  std::vector<DecoderMemory> memories;
  auto state = std::make_unique<EnsembleState>();
  for (auto& model : models_) {
    auto begun = model->start(sources);
    memories.push_back(std::move(begun.memory));
    state->states.push_back(std::move(begun.state));
  }
  state->memories = std::make_shared<const std::vector<DecoderMemory>>(std::move(memories));
  const auto& mask = sources.front().mask;
  state->sentences = torch::arange(mask.size(0), mask.options().dtype(torch::kInt64));
  return state;
}

StepResult Ensemble::step(const torch::Tensor& last_tokens, const StepState& state) {
  const kernels::FrozenWeightsGuard frozen(frozen_);
  const PrecisionGuard precision(precision_);
  const auto& last = dynamic_cast<const EnsembleState&>(state);
  auto next = std::make_unique<EnsembleState>();
  next->memories = last.memories;
  next->sentences = last.sentences;
  std::vector<torch::Tensor> logits, attention;
  for (std::size_t i = 0; i < models_.size(); ++i) {
    auto predicted =
        models_[i]->step(last_tokens, last.states[i], (*last.memories)[i].read_by(last.sentences));
    logits.push_back(predicted.logits);
    attention.push_back(predicted.attention);
    next->states.push_back(std::move(predicted.state));
  }
  if (models_.size() == 1) return {logits[0], attention[0], std::move(next)};
  // log of the mean of the probabilities
  for (std::size_t i = 0; i < logits.size(); ++i) {
    logits[i] = torch::log_softmax(logits[i], 1);
    if (!weights_.empty()) logits[i] = logits[i] + std::log(weights_[i]);
  }
  return {torch::logsumexp(torch::stack(logits), 0),
          has_attention() ? mean(attention) : torch::Tensor(), std::move(next)};
}

}  // namespace weft
