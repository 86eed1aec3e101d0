// How the model begins and what it learns from.

#include <torch/autograd.h>
#include <torch/nn/init.h>
#include <torch/nn/module.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <limits>

#include "data/repeat_batch.h"
#include "model/translation_model.h"
#include "nn/attention_balance.h"
#include "nn/attention_losses.h"
#include "nn/distribution_losses.h"
#include "nn/guided_alignment.h"
#include "nn/own_words.h"
#include "ops/affine.h"

namespace weft {
namespace {

/// What a batch of which each row is there twice says of one that has it once.
TrainingLoss halved(TrainingLoss loss) {
  for (auto* sum : {&loss.loss, &loss.negative_log_likelihood, &loss.guided, &loss.head})
    if (sum->defined()) *sum = *sum / 2;
  return loss;
}

}  // namespace

void TranslationModelImpl::initialize() {
  for (auto& source : sources_) source.initialize();
  if (combiner_) combiner_->initialize();
  decoder_->initialize();
  readout_->initialize();
  for (auto& source : sources_) source.initialize_embedding();
  // Rows of variance 1/width: a tied output layer starts with logits of order 1.
  for (auto& matrix : {target_embedding_, output_weight_}) {
    if (!matrix.defined()) continue;
    torch::nn::init::normal_(matrix, 0, 1 / std::sqrt(static_cast<double>(matrix.size(1))));
  }
  for (auto& source : sources_) source.initialize_factors();
  torch::nn::init::zeros_(output_bias_);
  if (!alignment_head_) return;
  // What is drawn after this, such as dropout, is what it would be without a head.
  auto generator = at::globalContext().defaultGenerator(torch::kCPU);
  const auto state = generator.get_state();
  alignment_head_->initialize();
  generator.set_state(state);
}

torch::Tensor TranslationModelImpl::attention_penalty(const Batch& batch,
                                                      const torch::Tensor& weights,
                                                      const TrainingCriterion& criterion) const {
  torch::Tensor sum;
  const auto add = [&](double weight, const auto& loss) {
    if (weight <= 0 || !weights.defined()) return;
    sum = sum.defined() ? sum + weight * loss() : weight * loss();
  };
  add(criterion.attention_balance, [&] {
    std::vector<torch::Tensor> masks;
    for (std::size_t k = 0; k < sources_.size(); ++k) masks.push_back(batch.sources[k].mask);
    return attention_balance_loss(weights, batch.target_mask, torch::cat(masks, 1));
  });
  add(criterion.coverage, [&] { return coverage_loss(weights, batch.target_mask); });
  add(criterion.attention_entropy,
      [&] { return attention_entropy_loss(weights, batch.target_mask); });
  return sum;
}

Batch TranslationModelImpl::with_own_words(const ComputeContext& compute, const Batch& batch,
                                           double probability) {
  const torch::NoGradGuard no_grad;
  const auto predicted = sampled_tokens(logits(compute, batch));  // [B, T]
  Batch read = batch;
  read.target_input = mixed_inputs(batch.target_input, predicted, batch.target_mask, probability);
  return read;
}

TrainingLoss TranslationModelImpl::forward(const ComputeContext& compute, const Batch& given,
                                           const TrainingCriterion& criterion) {
  const bool twice = criterion.r_drop > 0;
  const auto once =
      criterion.own_words > 0 ? with_own_words(compute, given, criterion.own_words) : given;
  const Batch batch = twice ? repeated(once, 2) : once;
  const auto forced = force(compute, batch);
  const auto targets = batch.target_output.masked_fill(batch.target_mask.logical_not(), -1);
  TrainingLoss result{
      ops::cross_entropy(
          compute,
          {{forced.readout.flatten(0, 1), output_weight(), output_bias_, targets.flatten(),
            batch.target_weights.defined() ? batch.target_weights.flatten() : torch::Tensor()},
           criterion.label_smoothing}),
      {},
      {}};
  if (forced.sample.log_probability.defined()) {
    const HardAttentionReturn drawn{result.log_probs.view_as(targets), batch.target_mask,
                                    criterion.baseline};
    result.loss = result.loss + hard_attention_loss(forced.sample, drawn, options_.attention.hard);
  }
  const auto penalty = attention_penalty(batch, forced.attention, criterion);
  if (penalty.defined()) result.loss = result.loss + penalty;
  if (twice || criterion.teacher_logits.defined()) {
    const auto predicted = ops::affine(compute, {forced.readout, output_weight(), output_bias_});
    if (criterion.teacher_logits.defined()) {
      const auto teacher =
          twice ? criterion.teacher_logits.repeat({2, 1, 1}) : criterion.teacher_logits;
      const double weight = criterion.teacher_weight;
      result.loss =
          (1 - weight) * result.loss +
          weight * distillation_loss(predicted, teacher, batch.target_mask, criterion.temperature);
    }
    if (twice)
      result.loss = result.loss + criterion.r_drop * r_drop_loss(predicted, batch.target_mask);
  }
  if (batch.guidance.defined() && criterion.guided_weight > 0) {
    const auto guided = guided_alignment_loss(forced.attention, batch.guidance);
    result.loss = result.loss + criterion.guided_weight * guided;
    result.guided = guided.detach();
  }
  if (batch.guidance.defined() && forced.head.defined()) {
    const auto head = guided_alignment_loss(forced.head, batch.guidance);
    result.loss = result.loss + head;
    result.head = head.detach();
  }
  return twice ? halved(result) : result;
}

torch::Tensor TranslationModelImpl::risk(const ComputeContext& compute,
                                         const CandidateBatch& candidates, double sharpness) {
  const auto& batch = candidates.batch;
  const auto forced = force(compute, batch);
  const auto targets = batch.target_output.masked_fill(batch.target_mask.logical_not(), -1);
  ops::OutputTokens tokens{
      {forced.readout.flatten(0, 1), output_weight(), output_bias_, targets.flatten()}};
  torch::Tensor log_probs;  // [R]
  {
    const torch::NoGradGuard no_grad;
    log_probs = ops::cross_entropy(compute, tokens).log_probs.view_as(targets).sum(1);
  }
  // The risk depends on the model through these numbers alone: its gradient is that of a sum of
  // log-probabilities, each weighted by the derivative by it.
  torch::Tensor risk, derivative;
  {
    const torch::AutoGradMode with_gradient(true);
    const auto leaf = log_probs.detach().requires_grad_();
    const auto none = -std::numeric_limits<double>::infinity();
    const auto all = torch::full({candidates.costs.numel()}, none, log_probs.options())
                         .index_copy(0, candidates.places, leaf)
                         .view_as(candidates.costs);
    risk = (expected_costs(all, candidates.costs, sharpness) * candidates.weights).sum();
    derivative = torch::autograd::grad({risk}, {leaf})[0];
  }
  tokens.weights = derivative.neg().unsqueeze(1).expand_as(targets).flatten();
  const auto loss = ops::cross_entropy(compute, tokens).loss;
  return loss - loss.detach() + risk.detach();
}

}  // namespace weft
