#include "train/worker.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <optional>
#include <utility>

#include "data/to_device.h"
#include "ops/precision.h"

namespace weft {

Worker::Worker(TranslationModel model, const TrainingOptions& options, TranslationModel teacher,
               const RiskCandidates* risk)
    : model_(std::move(model)),
      teacher_(std::move(teacher)),
      risk_(risk),
      precision_(options.precision) {
  criterion_.label_smoothing = options.label_smoothing;
  criterion_.attention_balance = options.attention_balance;
  criterion_.coverage = options.coverage;
  criterion_.attention_entropy = options.attention_entropy;
  criterion_.r_drop = options.r_drop;
  criterion_.teacher_weight = options.distillation.weight;
  criterion_.temperature = options.distillation.temperature;
}

torch::Tensor Worker::teacher_logits(const ComputeContext& compute, const Batch& batch) {
  if (teacher_.is_empty()) return {};
  const torch::NoGradGuard no_grad;
  auto of_teacher = compute;
  of_teacher.frozen = &teacher_weights_;
  return teacher_->logits(of_teacher, batch);
}

torch::Tensor Worker::with_risk(const ComputeContext& compute, const torch::Tensor& loss,
                                const CandidateBatch& candidates, StartedWork& started) {
  const auto& options = risk_->options();
  const auto risk = model_->risk(compute, candidates, options.sharpness);
  started.risk += risk.detach().to(torch::kFloat64);
  return (1 - options.weight) * loss + options.weight * risk;
}

UpdateWork StartedWork::finished() const {
  auto known = work;
  known.loss = loss.item<double>();
  known.guided = guided.item<double>();
  known.head = head.item<double>();
  known.risk = risk.item<double>();
  return known;
}

UpdateWork Worker::run(const std::vector<Batch>& batches, const UpdateSettings& settings) {
  return start(batches, settings).finished();
}

StartedWork Worker::start(const std::vector<Batch>& batches, const UpdateSettings& settings) {
  kernels::FrozenWeights weights;  // until the optimizer's step
  ComputeContext compute(resolved(precision_), &weights);
  compute.plain = settings.plain;
  const auto device = model_->device();
  const auto nothing = torch::zeros({}, torch::dtype(torch::kFloat64).device(device));
  StartedWork started{{}, nothing.clone(), nothing.clone(), nothing.clone(), nothing.clone()};
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const Batch& batch = batches[i];
    if (!settings.seeds.empty()) torch::manual_seed(settings.seeds[i]);
    const auto there = to_device(batch, device);
    compute.collector = nullptr;
    std::optional<CandidateBatch> candidates;
    if (risk_ != nullptr) candidates = risk_->make(model_, compute, batch, there);
    kernels::WeightGradients gradients;
    compute.collector = &gradients;
    auto criterion = criterion_;
    criterion.baseline = settings.reward_baseline;
    criterion.guided_weight = settings.guided_weight;
    criterion.own_words = settings.own_words;
    criterion.teacher_logits = teacher_logits(compute, there);
    const auto result = model_->forward(compute, there, criterion);
    const auto loss =
        candidates ? with_risk(compute, result.loss, *candidates, started) : result.loss;
    if (settings.reducer != nullptr && i + 1 == batches.size())
      settings.reducer->last_backward_begins(model_->parameters(), gradients);
    (loss / static_cast<double>(settings.loss_units)).backward();
    gradients.finish();
    auto& work = started.work;
    work.sentences += static_cast<int64_t>(batch.pairs.size());
    work.source_tokens += batch.source_tokens;
    work.target_tokens += batch.target_tokens;
    started.loss += result.negative_log_likelihood.detach().to(torch::kFloat64);
    if (result.guided.defined()) started.guided += result.guided.to(torch::kFloat64);
    if (result.head.defined()) started.head += result.head.to(torch::kFloat64);
  }
  return started;
}

}  // namespace weft
