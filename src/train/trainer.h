#pragma once
// The training loop.

#include <functional>
#include <optional>
#include <string>

#include "config/config.h"
#include "data/batch_stream.h"
#include "data/corpus.h"
#include "model/model_directory.h"
#include "nn/cross_entropy.h"
#include "train/adam.h"
#include "train/checkpoint.h"
#include "train/learning_rate.h"
#include "train/training_report.h"
#include "train/validator.h"
#include "train/weight_average.h"

namespace weft {

enum class TrainingEnd {
  kStopAfter,    ///< training.stop_after is reached
  kPatience,     ///< validation has not improved for long enough
  kTimeLimit,    ///< training.time_limit_seconds is used up
  kInterrupted,  ///< should_stop() said so
};

class Trainer {
 public:
  /// `validator` may be null: then the last weights (their average, if one is kept) are the model.
  /// The model is written to `directory`.
  Trainer(const Config& config, std::string directory, TranslationModel model,
          const ParallelCorpus& corpus, const Validator* validator);
  /// Goes on from a checkpoint as if training had not stopped.
  void restore(const Checkpoint& checkpoint);
  /// Trains until one of the ends; a checkpoint is written at each. `should_stop` is asked after
  /// every update.
  TrainingEnd run(const std::function<bool()>& should_stop);
  const TrainingProgress& progress() const { return progress_; }

 private:
  /// From where training stands.
  BatchStream open_stream() const;
  /// Of hard attention, before the next update: as if all words were equally likely at first.
  double reward_baseline() const;
  /// The loss of a batch, and in the parameters its gradient per target token.
  CrossEntropy compute_gradients(const Batch& batch);
  void update(const Batch& batch);
  /// Whatever is due after an update that moved training on from `tokens_before` target tokens.
  void report_and_validate(int64_t tokens_before, bool epoch_ended);
  void validate();
  /// The last weights are the model if there is no validation; otherwise they get their chance to
  /// be it, unless training only pauses.
  void finish(TrainingEnd end);
  void record_best(const ValidationResult& result);
  void save_checkpoint() const;
  void save_model();
  bool due(const Period& period, int64_t tokens_before, bool epoch_ended) const;
  bool reached(const Period& period) const;
  std::optional<TrainingEnd> end_reached() const;

  Config config_;
  std::string directory_;
  TranslationModel model_;
  const ParallelCorpus& corpus_;
  const Validator* validator_;
  WeightAverage average_;
  Adam optimizer_;
  LearningRate rate_;
  TrainingReport report_;
  TrainingProgress progress_;
};

}  // namespace weft
