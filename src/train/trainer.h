#pragma once
// The training loop.

#include <functional>
#include <memory>
#include <optional>

#include "config/config.h"
#include "data/corpus.h"
#include "train/checkpointer.h"
#include "train/optimizers.h"
#include "train/reducer.h"
#include "train/schedule.h"
#include "train/stop_policy.h"
#include "train/training_report.h"
#include "train/update_batches.h"
#include "train/validator.h"
#include "train/weight_average.h"
#include "train/worker.h"

namespace weft {

/// What a trainer works with. All that is not owned must outlive it.
struct TrainingParts {
  TranslationModel model{nullptr};
  /// Whose distributions the model learns from; null: nobody's.
  TranslationModel teacher{nullptr};
  /// What minimum risk training compares; null: it is not on.
  const RiskCandidates* risk = nullptr;
  const ParallelCorpus& corpus;
  /// Null: the last weights (their average, if one is kept) are the model. Of several processes the
  /// first alone has one, and tells the others what it has found.
  const Validator* validator = nullptr;
  /// Null: nothing is kept, and the model is what is left in memory. Of several processes the first
  /// alone keeps.
  Checkpointer* checkpointer = nullptr;
  /// Kept in checkpoints: what tells the word vectors that embeddings began from.
  std::string vectors = {};
  /// Null: this process trains alone.
  Reducer* reducer = nullptr;
  /// Wall-clock time that this run has taken so far.
  double seconds_before = 0;
};

/// One update after the other: batches from a BatchStream to a Worker, their gradients through a
/// Reducer to an Optimizer at the rate of a Schedule; then what is due: a log line, a validation, a
/// checkpoint, the end. Processes that train together share the batches of an update out, and take
/// the same decisions; how many they are changes nothing but the order in which gradients are
/// added.
class Trainer {
 public:
  Trainer(const Config& config, TrainingParts parts);
  /// Goes on from a checkpoint as if training had not stopped.
  void restore(const Checkpoint& checkpoint);
  /// Processes that train together begin with what the first one has.
  void begin_alike();
  /// Trains until one of the ends; a checkpoint is written at each. A validation that is given up
  /// is made when the run goes on, which is the same as if it had not stopped.
  /// ProcessLost: a checkpoint of the last update has been written, if this process keeps any.
  TrainingEnd run(const StopRequests& stop);
  const TrainingProgress& progress() const { return progress_; }

 private:
  /// An update of which a GPU has not yet told what came of it.
  struct UnseenUpdate {
    int64_t number = 0;
    UpdateWork work;                               // without its losses
    torch::Tensor loss, guided, head, risk, norm;  // scalars there
    std::vector<int64_t> pairs;
  };
  struct Losses {
    double translation = 0, guided = 0, head = 0, risk = 0;
  };

  TrainingEnd train();
  bool is_first() const { return parts_.reducer->rank() == 0; }
  /// The first process does something with what it keeps, while the others wait.
  void keep(const std::function<void(Checkpointer&)>& work);
  /// Seeds of this process's batches in the next update, if it has several.
  std::vector<uint64_t> batch_seeds() const;
  /// After an update: whether somebody wants training to stop.
  bool asked_to_stop() const;
  double wall_seconds() const;
  /// For messages.
  std::string directory() const;
  /// From where training stands.
  std::unique_ptr<UpdateBatches> open_batches() const;
  /// All of a checkpoint but how much time has passed.
  void take_state(const Checkpoint& checkpoint);
  /// Baseline of hard attention before the next update; at first all words are equally likely.
  double reward_baseline() const;
  void update(const NextBatches& next);
  /// Counts what an update has worked on.
  void count(const UpdateWork& work);
  /// Counts what came of an update, which had these losses, and a gradient of this norm.
  void judge(const UnseenUpdate& update, const Losses& loss, double norm);
  /// Asks the GPU what came of the updates so far, and waits for the answer.
  void look();
  /// Whether something after this update needs to know.
  bool must_look(const ProgressMark& before) const;
  /// A checkpoint, unless what it would be is nothing to go back to.
  void keep_if_good();
  /// Whether so many updates in a row were skipped that the weights must be wrong.
  bool has_diverged() const;
  /// To the last good checkpoint, and on from there at a smaller rate. Throws UserError if there is
  /// none, or if that has been done often enough.
  void go_back();
  /// What is to be told after an update.
  void report(const NextBatches& next, const ProgressMark& before);
  /// What is to be done on disk before the first update of this run.
  void go_on();
  /// False if a validation was due and given up.
  bool validate_if_due();
  /// Counts what a validation that was due has found, and keeps the best model.
  void take(const ValidationResult& result);
  /// The same of more_metrics; returns those that are better than ever.
  std::vector<ValidationMetric> take_more(const ValidationResult& result);
  /// Validates the model, and says so if training has diverged. Nothing if it was given up.
  std::optional<ValidationResult> score();
  std::optional<ValidationResult> score_here();
  void end_without_best();
  /// Everything up to the checkpoint that an end leaves; kInterrupted if that was given up.
  TrainingEnd finish(TrainingEnd end);
  /// The last weights, which no validation was due to judge, get their chance to be the model to be
  /// seen. Counters do not know of it: a run that goes on is the same as if it had not stopped
  /// here. False if it was given up.
  bool judge_last();
  void show_last(std::optional<double> value);
  Checkpoint snapshot() const;
  NamedTensors weights() const { return named_parameters(*parts_.model); }
  /// Those of the model that is validated and saved: the average, if one is kept.
  NamedTensors model_weights() const;

  Config config_;
  TrainingParts parts_;
  SingleProcess alone_;
  bool validates_ = false;  // here or in the first process
  bool keeps_ = false;      // likewise
  UpdateNews news_;         // of the last update of several processes
  WeightAverage average_;
  Optimizers optimizers_;
  LearningRate rate_;
  Worker worker_;
  StopPolicy stop_policy_;
  StopRequests stop_;
  TrainingReport report_;
  TrainingProgress progress_;
  std::vector<UnseenUpdate> unseen_;
  Stopwatch watch_;
  double wall_seconds_before_;  // until it was started, those of the runs before included
  int64_t metrics_bytes_ = 0;   // that were written before the update to begin with
};

}  // namespace weft
