#include "train/worker.h"

#include <torch/types.h>

#include <utility>

#include "data/to_device.h"
#include "kernels/frozen_weights.h"
#include "kernels/weight_gradients.h"
#include "nn/fast_path.h"

namespace weft {

Worker::Worker(TranslationModel model, const TrainingOptions& options)
    : model_(std::move(model)),
      precision_(options.precision),
      label_smoothing_(options.label_smoothing),
      attention_balance_(options.attention_balance) {}

UpdateWork StartedWork::finished() const {
  auto known = work;
  known.loss = loss.item<double>();
  known.guided = guided.item<double>();
  known.head = head.item<double>();
  return known;
}

UpdateWork Worker::run(const std::vector<Batch>& batches, const UpdateSettings& settings) {
  return start(batches, settings).finished();
}

StartedWork Worker::start(const std::vector<Batch>& batches, const UpdateSettings& settings) {
  const PrecisionGuard precision(precision_);
  kernels::FrozenWeights weights;  // until the optimizer's step
  const kernels::FrozenWeightsGuard frozen(weights);
  const auto device = model_->device();
  const auto nothing = torch::zeros({}, torch::dtype(torch::kFloat64).device(device));
  StartedWork started{{}, nothing.clone(), nothing.clone(), nothing.clone()};
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const Batch& batch = batches[i];
    if (!settings.seeds.empty()) torch::manual_seed(settings.seeds[i]);
    kernels::WeightGradients gradients;
    const kernels::WeightGradientsGuard collected(gradients);
    const auto result = model_->forward(
        to_device(batch, device),
        {label_smoothing_, settings.reward_baseline, settings.guided_weight, attention_balance_});
    if (settings.reducer != nullptr && i + 1 == batches.size())
      settings.reducer->last_backward_begins(model_->parameters(), gradients);
    (result.loss / static_cast<double>(settings.target_tokens)).backward();
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
