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

/// Runs forward and backward over the batches of an update, which count as one large batch.
class Worker {
 public:
  Worker(TranslationModel model, const TrainingOptions& options);
  /// Adds to the gradients of the parameters that of the loss per target token, if the whole update
  /// has `target_tokens` of them: these batches' and those of other processes.
  /// `reward_baseline`: of hard attention. `guided_weight`: of the guided loss.
  UpdateWork run(const std::vector<Batch>& batches, int64_t target_tokens, double reward_baseline,
                 double guided_weight = 0);
  /// The same without waiting for a GPU.
  StartedWork start(const std::vector<Batch>& batches, int64_t target_tokens,
                    double reward_baseline, double guided_weight = 0);

 private:
  TranslationModel model_;
  Precision precision_;
  double label_smoothing_;
};

}  // namespace weft
