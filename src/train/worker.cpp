#include "train/worker.h"

#include <torch/types.h>

#include <utility>

#include "kernels/frozen_weights.h"
#include "kernels/weight_gradients.h"
#include "nn/fast_path.h"

namespace weft {

Worker::Worker(TranslationModel model, const TrainingOptions& options)
    : model_(std::move(model)),
      precision_(options.precision),
      label_smoothing_(options.label_smoothing) {}

UpdateWork Worker::run(const std::vector<Batch>& batches, int64_t target_tokens,
                       double reward_baseline, double guided_weight) {
  const PrecisionGuard precision(precision_);
  kernels::FrozenWeights weights;  // until the optimizer's step
  const kernels::FrozenWeightsGuard frozen(weights);
  UpdateWork work;
  for (const Batch& batch : batches) {
    kernels::WeightGradients gradients;
    const kernels::WeightGradientsGuard collected(gradients);
    const auto result = model_->forward(batch, {label_smoothing_, reward_baseline, guided_weight});
    (result.loss / static_cast<double>(target_tokens)).backward();
    gradients.finish();
    work.sentences += static_cast<int64_t>(batch.pairs.size());
    work.source_tokens += batch.source_tokens;
    work.target_tokens += batch.target_tokens;
    work.loss += result.negative_log_likelihood.item<double>();
    if (result.guided.defined()) work.guided += result.guided.item<double>();
  }
  return work;
}

}  // namespace weft
