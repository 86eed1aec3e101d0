#include "train/training_task.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "aligner/aligner_directory.h"
#include "base/error.h"
#include "base/log.h"
#include "base/number_text.h"
#include "train/guidance.h"
#include "train/heartbeat.h"
#include "train/item_files.h"
#include "train/run_files.h"
#include "train/validation_links.h"

namespace weft {
namespace {

/// What was left out is never left out in silence.
void log_corpus(const std::string& name, const CorpusReport& report) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.1f", report.seconds);
  const auto encoded = report.was_kept ? std::string("encoded by an earlier run")
                                       : std::string("encoded in ") + seconds + " s";
  log_info(name + ": " + std::to_string(report.pairs) + " pairs of " +
           std::to_string(report.lines) + " lines, " + encoded +
           (report.kept_in.empty() ? "" : ", kept in " + report.kept_in));
  if (report.one_sided_blank > 0) {
    log_warning(std::to_string(report.one_sided_blank) +
                " pairs are blank on one side and are left out; the first is " +
                to_string(report.first_one_sided_blank));
  }
  if (report.both_blank > 0)
    log_info(std::to_string(report.both_blank) + " blank pairs are left out");
  const auto warn = [](int64_t pairs, const std::string& what) {
    if (pairs > 0) log_warning(std::to_string(pairs) + " pairs " + what + " and are left out");
  };
  warn(report.too_long, "are longer than data.max_length");
  warn(report.too_short, "are shorter than data.filter.min_length");
  warn(report.unequal, "have sides of lengths further apart than data.filter.max_ratio");
  warn(report.duplicates, "have been there before (data.filter.duplicates)");
}

/// Vocabularies that are learnt have the tags; those that are given need not.
void require_tags(const Config& config, const Vocabularies& vocabularies) {
  for (const auto& tag : config.data.corpora.tags) {
    if (tag.empty()) continue;
    const auto ids = vocabularies.sources.front().vocabulary->encode(tag).ids;
    if (std::find(ids.begin(), ids.end(), kUnknownId) == ids.end()) continue;
    throw UserError("data.corpora.tags has '" + tag +
                    "', which the source vocabulary does not know; expected a word that it has");
  }
}

ParallelCorpus encoded_corpus(const Config& config, const Vocabularies& vocabularies,
                              const std::string& tempdir) {
  const Heartbeat heartbeat("encoding the training text");
  require_tags(config, vocabularies);
  const auto files = training_files(config.data);
  const auto& data = config.data;
  return ParallelCorpus(files, vocabularies,
                        {.directory = tempdir,
                         .max_length = data.max_length,
                         .threads = at::get_num_threads(),
                         .max_annotations = data.max_source_length,
                         .corpora = data.corpora,
                         .filter = data.filter,
                         .sampling = data.subword_sampling,
                         .spec_augment = data.spec_augment,
                         .cache = data.text_cache,
                         .cache_megabytes = data.text_cache_megabytes},
                        items_of(files, vocabularies));
}

/// What an epoch takes of each corpus.
void log_corpora(const ParallelCorpus& corpus, const Config& config) {
  if (corpus.parts().size() < 2) return;
  const PairOrder order(corpus.parts(), config.data.corpora,
                        static_cast<uint64_t>(config.training.seed));
  for (std::size_t i = 0; i < corpus.parts().size(); ++i) {
    const auto& part = corpus.parts()[i];
    log_info("corpus " + part.file + (part.tag.empty() ? "" : " with tag " + part.tag) + ": " +
             std::to_string(part.size) + " pairs, " + std::to_string(order.quota(i)) +
             " in an epoch");
    if (order.quota(i) == 0 && part.size > 0 && config.data.corpora.temperature > 0)
      log_warning("corpus " + part.file + " is not trained on: data.corpora.temperature " +
                  shortest_number(config.data.corpora.temperature) + " leaves it no share");
  }
}

}  // namespace

TrainingTask::TrainingTask(const Config& config, const TrainingPlaces& places,
                           std::optional<Vocabularies> vocabularies, const torch::Device& device,
                           Validates validates)
    : config_(config),
      vocabularies_(
          with_item_folders(vocabularies ? std::move(*vocabularies) : made_vocabularies(config),
                            config.data, places.model.empty() ? places.temporary : places.model)),
      corpus_(encoded_corpus(config, vocabularies_, places.temporary)) {
  log_corpus("training data", corpus_.report());
  log_corpora(corpus_, config);
  if (corpus_.size() == 0)
    throw UserError(
        "the training data has no sentence pair that can be learnt from; expected at least one");
  std::optional<AlignerModel> learnt;
  if (learns_alignments(config)) learnt = guide(corpus_, config, vocabularies_, places.temporary);
  if (learnt && !places.model.empty()) save_aligner_model(aligner_directory(places.model), *learnt);
  if (config.data.valid_source.empty() || validates == Validates::kNo) return;
  validator_ = std::make_unique<Validator>(config, vocabularies_, places.temporary, device);
  log_corpus("validation data", validator_->report());
  validator_->compare_alignments(validation_links(config, corpus_, std::move(learnt)));
}

void TrainingTask::find_links_for_shift() {
  if (validator_ && !validator_->compares_alignments())
    validator_->compare_alignments(links_for_shift(config_, corpus_));
}

TranslationModel TrainingTask::new_model() const {
  torch::manual_seed(static_cast<uint64_t>(config_.training.seed));
  auto model = make_model(config_.model, vocabularies_);
  if (config_.training.guided_alignment.weight > 0) model->show_first_head();
  model->initialize();
  return model;
}

}  // namespace weft
