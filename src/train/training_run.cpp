#include "train/training_run.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/resources.h"
#include "base/stopwatch.h"
#include "config/config_reader.h"
#include "config/device_choice.h"
#include "config/enum_names.h"
#include "data/file_stamps.h"
#include "kernels/machine.h"
#include "nn/device.h"
#include "ops/precision.h"
#include "train/begin_from.h"
#include "train/fitted_batch.h"
#include "train/heartbeat.h"
#include "train/item_files.h"
#include "train/metric_progress.h"
#include "train/parameter_patterns.h"
#include "train/pretrained_embeddings.h"
#include "train/run_directory.h"
#include "train/run_files.h"
#include "train/run_precision.h"
#include "train/same_run.h"
#include "train/sharing.h"
#include "train/teacher.h"
#include "train/training_task.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

/// The files that training reads several times.
std::vector<std::string> text_files(const DataOptions& data) {
  std::vector<std::string> all;
  for (const auto* files :
       {&data.train_source, &data.train_target, &data.valid_source, &data.valid_target,
        &data.train_sentence_weights, &data.train_word_weights})
    all.insert(all.end(), files->begin(), files->end());
  return all;
}

void log_model(const TranslationModelImpl& model, const Vocabularies& vocabularies) {
  int64_t parameters = 0;
  for (const auto& parameter : model.parameters()) parameters += parameter.numel();
  std::string sizes;
  for (const auto& source : vocabularies.sources)
    if (source.is_text())
      sizes += (sizes.empty() ? "" : ", ") + std::to_string(source.vocabulary->size());
  log_info("model: " + std::to_string(parameters) + " parameters, vocabularies of " + sizes +
           (sizes.empty() ? "" : " and ") + std::to_string(vocabularies.target->size()));
}

const char* end_text(TrainingEnd end) {
  switch (end) {
    case TrainingEnd::kStopAfter:
      return "training.stop_after is reached";
    case TrainingEnd::kPatience:
      return "validation has stopped improving";
    case TrainingEnd::kTimeLimit:
      return "training.time_limit_seconds is used up";
    case TrainingEnd::kInterrupted:
      return "interrupted; the same command goes on from here";
  }
  return "";
}

/// Stores which word the rows of the best model's matrices describe, if that can be known.
void choose_alignment_shift(const RunDirectory& directory, const Validator& validator) {
  std::error_code error;
  if (!validator.compares_alignments() || !fs::exists(directory.weights(), error)) return;
  const auto stored = load_model(directory.path());
  ValidationResult result;
  validator.align(stored.model, {}, result);
  if (result.alignment_shift == stored.config.decoding.alignment_shift) return;
  write_alignment_shift(directory.path(), result.alignment_shift);
  log_info("decoding.alignment_shift of the model is " + std::to_string(result.alignment_shift) +
           ": so its alignments on the validation text have the least error rate, " +
           std::to_string(*result.aer));
}

/// What to go on from. A run that was killed before its first checkpoint begins anew; it must be
/// the same one, if a model of it is there.
std::unique_ptr<Checkpoint> checkpoint_to_go_on_from(const RunDirectory& directory,
                                                     const Config& config) {
  const auto& path = directory.path();
  if (has_checkpoint(path)) {
    auto checkpoint = std::make_unique<Checkpoint>(read_checkpoint(directory.checkpoint()));
    check_same_run(path, parse_config(checkpoint->config, path), config,
                   checkpoint->vectors.empty() ? OtherFiles::kVocabularies
                                               : OtherFiles::kVocabulariesAndVectors);
    return checkpoint;
  }
  std::error_code error;
  if (fs::exists(directory.weights(), error))
    check_same_run(path, read_model_config(path), config, OtherFiles::kNone);
  return nullptr;
}

/// Fills in the embeddings that begin from files, for a new run, or to compare the files of one
/// that goes on with those it began from, if they are called otherwise. Returns what is kept of
/// them.
std::string take_vectors(const Config& config, const Vocabularies& vocabularies,
                         const Checkpoint* checkpoint, const std::string& directory,
                         TranslationModelImpl& model) {
  const auto& files = config.model.embedding;
  if (checkpoint != nullptr) {
    const auto before = parse_config(checkpoint->config, directory).model.embedding;
    if (before.source_vectors == files.source_vectors &&
        before.target_vectors == files.target_vectors)
      return checkpoint->vectors;
  }
  auto vectors = load_pretrained_embeddings(files, vocabularies, model);
  if (checkpoint != nullptr && vectors != checkpoint->vectors) {
    throw UserError({directory},
                    "holds a run that began from other word vectors than there are now; a run can "
                    "only be resumed with those it began from");
  }
  return vectors;
}

/// What the first process has on disk.
struct Records {
  explicit Records(const std::string& directory) : run(directory), log(run.log()) {}
  RunDirectory run;
  LogFile log;
  std::unique_ptr<Checkpoint> checkpoint;  // to go on from
};

/// Where temporary files go.
std::string temporary_place(const Config& config, const Records* records) {
  if (!config.data.tempdir.empty()) return config.data.tempdir;
  return records != nullptr ? records->run.path() : fs::temp_directory_path().string();
}

/// The work of one of the processes that train together, or of the only one.
class RunProcess {
 public:
  RunProcess(const Config& config, const Launch& launch, const StopRequests& stop)
      : config_(config), files_(text_files(config.data)), stop_(stop) {
    use_machine(threads_of(config.training, launch));
    config_.training.device = device_of(config.training.device, launch);
    reducer_ = make_reducer(config.training, launch);
    if (reducer_->rank() > 0) set_log_level(LogLevel::kError);  // the first tells all of it
  }

  TrainingEnd run(const std::string& directory) {
    if (reducer_->world() > 1) require_text(config_);
    together_reading([&] {
      Problems problems;
      check_files(config_, !is_first() || has_checkpoint(directory), problems);
      problems.throw_if_any();
      config_ = with_item_widths(config_);
    });
    check_same_config(*reducer_, config_);
    together([&] {
      if (is_first()) records_ = std::make_unique<Records>(directory);
    });
    try {
      return train();
    } catch (const UserError& error) {
      if (records_) records_->log.add(std::string("training ends: ") + error.what());
      throw;
    }
  }

 private:
  bool is_first() const { return reducer_->rank() == 0; }
  void together(const std::function<void()>& work) { reducer_->together(work, {}); }

  /// As together(); work that reads files fails because one has changed, if one has.
  void together_reading(const std::function<void()>& work) {
    together([&] {
      try {
        work();
      } catch (const UserError&) {
        files_.require_unchanged();
        throw;
      }
    });
  }

  void find_checkpoint() {
    together([&] {
      if (records_) records_->checkpoint = checkpoint_to_go_on_from(records_->run, config_);
    });
  }

  /// And the precision, which is the first one's; a new run is in float32 if a process has no fast
  /// products in it.
  void choose_device() {
    auto& precision = config_.training.precision;
    together([&] {
      device_ = resolved(config_.training.device);
      if (is_first()) precision = preferred_precision();
    });
    take_first_precision();
    const bool is_lacking = reducer_->any(!has_products_in(precision, device_));
    if (is_lacking && is_first() && !records_->checkpoint) {
      log_warning("a process of this run has no fast " + to_name(precision) +
                  " products (training.precision); float32 is used instead");
      precision = Precision::kFloat32;
    }
    take_first_precision();
    together([&] {
      require_products_in(precision, "training.precision", device_, kTrainingPrecisions);
    });
  }

  Precision preferred_precision() const {
    const auto& path = records_->run.path();
    const auto* checkpoint = records_->checkpoint.get();
    return precision_of_run(
        config_.training.precision,
        checkpoint != nullptr
            ? std::optional(parse_config(checkpoint->config, path).training.precision)
            : std::nullopt,
        path, device_);
  }

  void take_first_precision() {
    from_name(reducer_->from_first(to_name(config_.training.precision)),
              config_.training.precision);
  }

  Vocabularies take_vocabularies() {
    Vocabularies made;
    together_reading([&] {
      if (!is_first()) return;
      made = records_->checkpoint ? read_model_vocabularies(records_->run.path())
                                  : made_vocabularies(config_);
    });
    return shared_vocabularies(*reducer_, made);
  }

  std::unique_ptr<TrainingTask> make_task() {
    const auto vocabularies = take_vocabularies();
    std::unique_ptr<TrainingTask> task;
    together_reading([&] {
      task = std::make_unique<TrainingTask>(
          config_,
          TrainingPlaces{temporary_place(config_, records_.get()),
                         records_ ? records_->run.path() : std::string()},
          vocabularies, device_, is_first() ? Validates::kYes : Validates::kNo);
    });
    together([&] { files_.require_unchanged(); });
    check_same_corpus(*reducer_, task->corpus().fingerprint());
    return task;
  }

  /// Lowers batch_tokens to what the first process has room for, or takes what the run began with.
  void fit_batches(const TranslationModel& model, const ParallelCorpus& corpus,
                   const RiskCandidates* risk) {
    auto& training = config_.training;
    if (training.batch_memory == 0) return;
    together([&] {
      if (!device_.is_cpu())
        throw UserError("training.batch_memory is " + std::to_string(training.batch_memory) +
                        ", which is for the processor; expected 0 with training.device " +
                        format_device(training.device));
      if (!is_first()) return;
      if (records_->checkpoint) {
        const auto& path = records_->run.path();
        training.batch_tokens =
            parse_config(records_->checkpoint->config, path).training.batch_tokens;
        return;
      }
      const Heartbeat heartbeat("fitting batches to memory");
      training.batch_tokens = fitted_batch_tokens(model, corpus, training,
                                                  static_cast<double>(training.batch_memory), risk);
      log_info("training.batch_tokens: " + std::to_string(training.batch_tokens) + " fit into " +
               std::to_string(training.batch_memory) + " MB (training.batch_memory)");
    });
    training.batch_tokens = std::stoll(reducer_->from_first(std::to_string(training.batch_tokens)));
  }

  TrainingEnd train() {
    find_checkpoint();
    choose_device();
    const auto task = make_task();
    auto model = task->new_model();
    std::string vectors;
    std::unique_ptr<Checkpointer> checkpointer;
    together([&] {
      if (!is_first()) return;
      const auto& run = records_->run;
      write_model_description(run.path(), config_, task->vocabularies());
      if (!config_.training.from.empty() && !records_->checkpoint)
        begin_from(config_.training.from, task->vocabularies(), *model);
      vectors = take_vectors(config_, task->vocabularies(), records_->checkpoint.get(), run.path(),
                             *model);
      checkpointer = std::make_unique<Checkpointer>(run, task->vocabularies());
    });
    auto teacher = TranslationModel(nullptr);
    together([&] {
      Problems problems;
      check_parameter_patterns(config_.training, named_parameters(*model), problems);
      problems.throw_if_any();
      teacher = load_teacher(config_.training.distillation, task->vocabularies(), device_);
    });
    model->to(device_);
    freeze(config_.training, named_parameters(*model));
    log_model(*model, task->vocabularies());
    const auto risk = make_risk_candidates(config_, task->vocabularies());
    fit_batches(model, task->corpus(), risk.get());
    Trainer trainer(config_, {.model = model,
                              .teacher = teacher,
                              .risk = risk.get(),
                              .corpus = task->corpus(),
                              .validator = task->validator(),
                              .checkpointer = checkpointer.get(),
                              .vectors = vectors,
                              .reducer = reducer_.get(),
                              .seconds_before = watch_.seconds()});
    together([&] {
      if (records_ && records_->checkpoint) trainer.restore(*records_->checkpoint);
    });
    if (records_) records_->checkpoint.reset();  // its file is mapped, and would stay on the disk
    trainer.begin_alike();
    const auto end = trainer.run(stop_);
    together([&] {
      if (records_) finish(end, trainer.progress(), *task);
    });
    return end;
  }

  void finish(TrainingEnd end, const TrainingProgress& progress, TrainingTask& task) const {
    if (end != TrainingEnd::kInterrupted && task.validator() != nullptr) {
      task.find_links_for_shift();
      choose_alignment_shift(records_->run, *task.validator());
    }
    const auto stalled = describe_lost_patience(config_.training.validation, progress);
    log_info(std::string("training ends: ") + end_text(end) +
             (end == TrainingEnd::kPatience ? " (" + stalled + ")" : "") +
             ". Model: " + records_->run.path() + "; peak memory " +
             std::to_string(static_cast<int64_t>(peak_memory_megabytes())) + " MB");
  }

  Stopwatch watch_;
  Config config_;
  FileStamps files_;  // as they were checked
  StopRequests stop_;
  torch::Device device_ = torch::kCPU;
  std::unique_ptr<Reducer> reducer_;
  std::unique_ptr<Records> records_;  // the first process's
};

}  // namespace

TrainingEnd train_model(const Config& config, const std::string& directory,
                        const StopRequests& stop, const Launch& launch) {
  check_shares(config.training, launch);
  // A GPU that is not there is refused before anything is made; what is chosen is told in the log.
  const auto device = device_of(config.training.device, launch);
  if (device.kind == DeviceChoice::Kind::kCuda) resolved(device);
  return RunProcess(config, launch, stop).run(directory);
}

}  // namespace weft
