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
      label_smoothing_(options.label_smoothing) {}

UpdateWork StartedWork::finished() const {
  auto known = work;
  known.loss = loss.item<double>();
  return known;
}

UpdateWork Worker::run(const std::vector<Batch>& batches, int64_t target_tokens,
                       double reward_baseline) {
  return start(batches, target_tokens, reward_baseline).finished();
}

StartedWork Worker::start(const std::vector<Batch>& batches, int64_t target_tokens,
                          double reward_baseline) {
  const PrecisionGuard precision(precision_);
  kernels::FrozenWeights weights;  // until the optimizer's step
  const kernels::FrozenWeightsGuard frozen(weights);
  const auto device = model_->device();
  StartedWork started{{}, torch::zeros({}, torch::dtype(torch::kFloat64).device(device))};
  for (const Batch& batch : batches) {
    kernels::WeightGradients gradients;
    const kernels::WeightGradientsGuard collected(gradients);
    const auto result =
        model_->forward(to_device(batch, device), {label_smoothing_, reward_baseline});
    (result.loss / static_cast<double>(target_tokens)).backward();
    gradients.finish();
    auto& work = started.work;
    work.sentences += static_cast<int64_t>(batch.pairs.size());
    work.source_tokens += batch.source_tokens;
    work.target_tokens += batch.target_tokens;
    started.loss += result.negative_log_likelihood.detach().to(torch::kFloat64);
  }
  return started;
}

}  // namespace weft
