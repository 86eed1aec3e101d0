#include "train/training_run.h"

#include <torch/torch.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "base/byte_source.h"
#include "base/error.h"
#include "base/log.h"
#include "config/compare.h"
#include "config/config_reader.h"
#include "data/temporary_file.h"
#include "text/text_reader.h"
#include "train/pretrained_embeddings.h"
#include "train/run_precision.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

void make_writable_directory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw UserError({directory}, "cannot be made (" + error.message() + ")");
  if (::access(directory.c_str(), W_OK | X_OK) != 0) {
    throw UserError({directory},
                    std::string("cannot be written to (") + std::strerror(errno) + ")");
  }
}

/// A finished model that was moved here without its training state must not be overwritten.
void check_directory_is_free(const std::string& directory) {
  if (fs::exists(fs::path(directory) / "weights.safetensors")) {
    throw UserError({directory},
                    "holds a model, but no training state to go on from (training/); give another "
                    "directory with -m");
  }
}

/// Keys that may differ between the run that is resumed and the one that goes on: how long, how
/// often, how fast.
bool may_change(const std::string& key) {
  for (const char* prefix :
       {"data.tempdir", "decoding.", "training.stop_after", "training.time_limit_seconds",
        "training.threads", "training.log_every", "training.checkpoint_every",
        "training.validation.patience", "training.validation.every", "training.precision"}) {
    if (key.rfind(prefix, 0) == 0) return true;
  }
  return false;
}

void check_same_run(const std::string& directory, const Checkpoint& checkpoint,
                    const Config& config) {
  Problems problems;
  for (const auto& key : differing_keys(parse_config(checkpoint.config, directory), config)) {
    if (may_change(key)) continue;
    problems.add({directory},
                 "holds a run with another value of '" + key +
                     "'; give the same config to resume it, or another directory with -m");
  }
  problems.throw_if_any();
}

/// What was left out is never left out in silence.
void log_corpus(const std::string& name, const CorpusReport& report) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f", report.seconds);
  log_info(name + ": " + std::to_string(report.pairs) + " pairs of " +
           std::to_string(report.lines) + " lines, encoded in " + seconds + " s");
  if (report.one_sided_blank > 0) {
    log_warning(std::to_string(report.one_sided_blank) +
                " pairs are blank on one side and are left out; the first is " +
                to_string(report.first_one_sided_blank));
  }
  if (report.both_blank > 0)
    log_info(std::to_string(report.both_blank) + " blank pairs are left out");
  if (report.too_long > 0) {
    log_warning(std::to_string(report.too_long) +
                " pairs are longer than data.max_length and are left out");
  }
}

/// Adds what `open` throws to the problems.
void check_opens(const std::function<void()>& open, Problems& problems) {
  try {
    open();
  } catch (const UserError& error) {
    problems.add(error.what());
  }
}

/// Everything about the files that can be known before work begins. A run that is resumed has its
/// vocabularies.
void check_files(const Config& config, bool resumes) {
  const auto& data = config.data;
  Problems problems;
  check_parallel_files(training_files(data), problems);
  if (!data.valid_source.empty()) check_parallel_files(validation_files(data), problems);
  if (problems.empty()) {
    check_factors(data.train_source, factor_format(config), problems);
    check_factors(data.valid_source, factor_format(config), problems);
  }
  for (const auto& file : {config.vocabulary.source_file, config.vocabulary.target_file}) {
    if (!resumes && !file.empty()) check_opens([&] { open_byte_source(file); }, problems);
  }
  if (!resumes) check_pretrained_files(config.model.embedding, problems);
  if (!data.tempdir.empty()) check_opens([&] { TemporaryFile probe(data.tempdir); }, problems);
  problems.throw_if_any();
}

}  // namespace

TrainingEnd train_model(const Config& given, const std::string& directory,
                        const std::function<bool()>& should_stop) {
  Config config = given;
  const bool resumes = has_checkpoint(directory);
  check_files(config, resumes);
  if (!resumes) check_directory_is_free(directory);
  make_writable_directory(directory);
  std::unique_ptr<Checkpoint> checkpoint;
  if (resumes) {
    checkpoint = std::make_unique<Checkpoint>(read_checkpoint(directory));
    check_same_run(directory, *checkpoint, config);
  }
  config.training.precision = precision_of_run(
      given.training.precision,
      checkpoint ? std::optional(parse_config(checkpoint->config, directory).training.precision)
                 : std::nullopt,
      directory);
  const auto files = training_files(config.data);
  const auto vocabularies = checkpoint
                                ? read_model_vocabularies(directory)
                                : build_vocabularies(config.vocabulary, files.source, files.target,
                                                     factor_format(config), files.further);
  const std::string tempdir = config.data.tempdir.empty() ? directory : config.data.tempdir;
  const ParallelCorpus corpus(
      files,
      {*vocabularies.source, *vocabularies.target, vocabularies.factors, vocabularies.further},
      {tempdir, config.data.max_length, at::get_num_threads()});
  log_corpus("training data", corpus.report());
  if (corpus.size() == 0)
    throw UserError("the training data has no sentence pair that can be learnt from");
  std::unique_ptr<Validator> validator;
  if (!config.data.valid_source.empty()) {
    validator = std::make_unique<Validator>(config, vocabularies, tempdir);
    log_corpus("validation data", validator->report());
  }
  write_model_description(directory, config, vocabularies);

  torch::manual_seed(static_cast<uint64_t>(config.training.seed));
  auto model = make_model(config.model, vocabularies);
  model->initialize();
  if (!checkpoint) load_pretrained_embeddings(config.model.embedding, vocabularies, *model);
  int64_t parameters = 0;
  for (const auto& parameter : model->parameters()) parameters += parameter.numel();
  log_info("model: " + std::to_string(parameters) + " parameters, vocabularies of " +
           std::to_string(vocabularies.source->size()) + " and " +
           std::to_string(vocabularies.target->size()));
  Trainer trainer(config, directory, model, corpus, validator.get());
  if (checkpoint) trainer.restore(*checkpoint);
  return trainer.run(should_stop);
}

}  // namespace weft
