#pragma once
// Gradients of an update.

#include <torch/types.h>

#include <vector>

#include "config/training_options.h"
#include "data/batch.h"
#include "model/translation_model.h"
#include "train/reducer.h"
#include "train/risk_candidates.h"

namespace weft {

/// What was done for an update, as far as the host knows: its losses may still be on their way.
struct StartedWork {
  UpdateWork work;       ///< without its losses
  torch::Tensor loss;    ///< float64, where the model is
  torch::Tensor guided;  ///< likewise
  torch::Tensor head;    ///< likewise
  torch::Tensor risk;    ///< likewise
  /// Waits for the losses.
  UpdateWork finished() const;
};

/// What an update is computed with.
struct UpdateSettings {
  int64_t loss_units = 0;      ///< target tokens, or sentences, that the loss is a mean over: these
                               ///< batches' and those of other processes
  double reward_baseline = 0;  ///< of hard attention
  double guided_weight = 0;    ///< of the guided loss
  double own_words = 0;        ///< probability that the decoder is fed a word of its own
  /// What is drawn at random in each batch begins with its seed; none: random numbers go on.
  std::vector<uint64_t> seeds = {};
  Reducer* reducer = nullptr;  ///< told of the last backward pass; null: nobody is
  bool plain = false;          ///< whether with plain operations, as ComputeContext has it
};

/// Runs forward and backward over the batches of an update, which count as one large batch.
class Worker {
 public:
  /// `teacher`: a model in evaluation mode on the same device, or null; of `options` the criterion
  /// and the precision are used. `risk`: what minimum risk training compares, which must outlive
  /// the worker; null: it is not on.
  Worker(TranslationModel model, const TrainingOptions& options,
         TranslationModel teacher = TranslationModel{nullptr},
         const RiskCandidates* risk = nullptr);
  /// Adds to the gradients of the parameters that of the loss per unit of the update.
  UpdateWork run(const std::vector<Batch>& batches, const UpdateSettings& settings);
  /// The same without waiting for a GPU.
  StartedWork start(const std::vector<Batch>& batches, const UpdateSettings& settings);

 private:
  /// What the teacher says of a batch, [B, T, V]; undefined without one.
  torch::Tensor teacher_logits(const ComputeContext& compute, const Batch& batch);

  /// The loss with its part that is the expected cost of the model's own translations, which is
  /// added to `started`.
  torch::Tensor with_risk(const ComputeContext& compute, const torch::Tensor& loss,
                          const CandidateBatch& candidates, StartedWork& started);

  TranslationModel model_, teacher_;
  const RiskCandidates* risk_;
  Precision precision_;
  TrainingCriterion criterion_;             // as far as it is the same for all batches
  kernels::FrozenWeights teacher_weights_;  // which nothing changes
};

}  // namespace weft
