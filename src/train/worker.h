#pragma once
// Gradients of an update.

#include <torch/types.h>

#include <vector>

#include "config/training_options.h"
#include "data/batch.h"
#include "model/translation_model.h"
#include "train/reducer.h"

namespace weft {

/// What was done for an update, as far as the host knows: its losses may still be on their way.
struct StartedWork {
  UpdateWork work;       ///< without its losses
  torch::Tensor loss;    ///< float64, where the model is
  torch::Tensor guided;  ///< likewise
  torch::Tensor head;    ///< likewise
  /// Waits for the losses.
  UpdateWork finished() const;
};

/// What an update is computed with.
struct UpdateSettings {
  int64_t target_tokens = 0;   ///< of the whole update: these batches' and those of other processes
  double reward_baseline = 0;  ///< of hard attention
  double guided_weight = 0;    ///< of the guided loss
  /// What is drawn at random in each batch begins with its seed; none: random numbers go on.
  std::vector<uint64_t> seeds = {};
  Reducer* reducer = nullptr;  ///< told of the last backward pass; null: nobody is
};

/// Runs forward and backward over the batches of an update, which count as one large batch.
class Worker {
 public:
  Worker(TranslationModel model, const TrainingOptions& options);
  /// Adds to the gradients of the parameters that of the loss per target token of the update.
  UpdateWork run(const std::vector<Batch>& batches, const UpdateSettings& settings);
  /// The same without waiting for a GPU.
  StartedWork start(const std::vector<Batch>& batches, const UpdateSettings& settings);

 private:
  TranslationModel model_;
  Precision precision_;
  double label_smoothing_;
  double attention_balance_;
};

}  // namespace weft
