#include "train/same_run.h"

#include <initializer_list>

#include "base/error.h"
#include "config/compare.h"
#include "model/model_directory.h"

namespace weft {
namespace {

bool may_change(const std::string& key) {
  for (const char* prefix : {"data.tempdir",
                             "data.train_source",
                             "data.train_target",
                             "data.train_format",
                             "data.valid_format",
                             "data.json_keys",
                             "data.train_sentence_weights",
                             "data.train_word_weights",
                             "data.valid_source",
                             "data.valid_target",
                             "data.source_root",
                             "data.feature_cache",
                             "data.text_cache",
                             "decoding.batch_",
                             "training.stop_after",
                             "training.time_limit_seconds",
                             "training.threads",
                             "training.log_every",
                             "training.checkpoint_every",
                             "training.peer_timeout_seconds",
                             "training.validation.patience",
                             "training.validation.every",
                             "training.non_finite.",
                             "training.from",
                             "training.validation.samples",
                             "training.validation.sample_matrices",
                             "training.validation.stop_on",
                             "training.validation.more_patience",
                             "training.precision",
                             "training.device",
                             "training.guided_alignment.links",
                             "training.guided_alignment.regions",
                             "decoding.alignment_shift",
                             "decoding.alignment_from"}) {
    if (key.rfind(prefix, 0) == 0) return true;
  }
  return false;
}

/// A key that names a file, in both configs.
struct FileKey {
  std::string before, now;
  /// Both have a file: that there was one, or is none, is no question of names.
  bool is_renamed() const { return !before.empty() && !now.empty(); }
};

/// Keys of files that are called otherwise and have the same content, as far as can be seen here.
bool has_same_content(const std::string& directory, const std::string& key, const Config& before,
                      const Config& config, OtherFiles others) {
  const auto& old = before.vocabulary;
  const auto& given = config.vocabulary;
  const auto& vectors = config.model.embedding;
  const auto& old_vectors = before.model.embedding;
  if (others == OtherFiles::kNone) return false;
  if (key == "vocabulary.source_file") {
    return FileKey{old.source_file, given.source_file}.is_renamed() &&
           load_source_file(given)->serialized() ==
               read_model_vocabularies(directory).sources.front().vocabulary->serialized();
  }
  if (key == "vocabulary.target_file") {
    return FileKey{old.target_file, given.target_file}.is_renamed() &&
           load_target_file(given)->serialized() ==
               read_model_vocabularies(directory).target->serialized();
  }
  if (others != OtherFiles::kVocabulariesAndVectors) return false;
  if (key == "model.embedding.source_vectors")
    return FileKey{old_vectors.source_vectors, vectors.source_vectors}.is_renamed();
  if (key == "model.embedding.target_vectors")
    return FileKey{old_vectors.target_vectors, vectors.target_vectors}.is_renamed();
  return false;
}

}  // namespace

void check_same_run(const std::string& directory, const Config& before, const Config& config,
                    OtherFiles others) {
  Problems problems;
  const bool validates_alike = before.data.valid_source.empty() == config.data.valid_source.empty();
  const bool fits_batches = config.training.batch_memory > 0;
  const bool has_own_beam = config.training.validation.beam_size > 0;
  for (const auto& key : differing_keys(before, config)) {
    if (key == "decoding.beam_size" && has_own_beam) continue;
    if (key == "training.batch_tokens" && fits_batches) continue;  // the run's own are kept
    if (may_change(key) && (validates_alike || !key.starts_with("data.valid"))) continue;
    if (has_same_content(directory, key, before, config, others)) continue;
    problems.add({directory},
                 "holds a run with another value of '" + key +
                     "'; give the same config to resume it, or another directory with -m");
  }
  problems.throw_if_any();
}

}  // namespace weft
