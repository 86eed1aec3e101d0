#include "train/run_files.h"

#include <functional>

#include "base/atomic_file.h"
#include "base/log.h"
#include "config/enum_names.h"
#include "config/item_options.h"
#include "data/parallel_check.h"
#include "data/store_file.h"
#include "metrics/gold_regions.h"
#include "model/model_directory.h"
#include "text/text_reader.h"
#include "text/word_vocabulary.h"
#include "train/heartbeat.h"
#include "train/item_files.h"
#include "train/link_files.h"
#include "train/pretrained_embeddings.h"

namespace weft {
namespace {

/// Adds what `open` throws to the problems.
void check_opens(const std::function<void()>& open, Problems& problems) {
  try {
    open();
  } catch (const UserError& error) {
    problems.add(error.what());
  }
}

/// A model directory that a key names, if it does.
void check_model_of(const std::string& directory, const std::string& key, Problems& problems) {
  if (directory.empty()) return;
  try {
    read_model_config(directory);
  } catch (const UserError& error) {
    problems.add(std::string(error.what()) + " (" + key + ")");
  }
}

/// Those of the model that training begins from.
/// What normalises words is a part of their vocabulary; a config that wants another is a mistake.
void require_normalization(const Vocabulary& vocabulary, WordNormalization wanted,
                           const std::string& key, const std::string& from) {
  const auto* words = dynamic_cast<const WordVocabulary*>(&vocabulary);
  if (wanted == WordNormalization::kNone || words == nullptr || words->normalization() == wanted)
    return;
  throw UserError({from}, "has a vocabulary of words in the form " +
                              to_name(words->normalization()) + ", but " + key + " is " +
                              to_name(wanted) + "; expected the same, or none (training.from)");
}

Vocabularies earlier_vocabularies(const Config& config) {
  const auto& from = config.training.from;
  auto vocabularies = read_model_vocabularies(from);
  const bool shared = config.vocabulary.shared;
  if (vocabularies.sources.size() != config.data.source_kind.size() ||
      vocabularies.is_shared() != shared) {
    throw UserError(
        {from}, "has vocabularies of " + std::to_string(vocabularies.sources.size()) + " sources" +
                    (vocabularies.is_shared() ? ", the first shared" : "") +
                    "; expected those of " + std::to_string(config.data.source_kind.size()) +
                    (shared ? ", shared" : ", not shared") +
                    ", as data.source_kind and vocabulary.shared say (training.from)");
  }
  const auto& options = config.vocabulary;
  for (const auto& source : vocabularies.sources)
    if (source.is_text())
      require_normalization(*source.vocabulary, options.source_word_normalization,
                            "vocabulary.source_word_normalization", from);
  require_normalization(*vocabularies.target, options.target_word_normalization,
                        "vocabulary.target_word_normalization", from);
  log_info("vocabularies are those of " + from);
  return vocabularies;
}

void check_vocabulary_files(const VocabularyOptions& options, Problems& problems) {
  if (!options.source_file.empty()) check_opens([&] { load_source_file(options); }, problems);
  if (!options.target_file.empty() && options.target_file != options.source_file)
    check_opens([&] { load_target_file(options); }, problems);
}

}  // namespace

void check_files(const Config& config, bool resumes, Problems& problems) {
  const auto& data = config.data;
  const auto texts = {training_files(data), validation_files(data)};
  for (const auto& text : texts) check_parallel_files(text, problems);
  for (const auto& text : texts)
    if (!has_pipe(text)) check_factors(text.sources.front(), factor_format(config), problems);
  if (!resumes) check_vocabulary_files(config.vocabulary, problems);
  check_link_files(config, problems);
  const auto& regions = config.training.guided_alignment.regions;
  if (!regions.empty()) check_opens([&] { GoldRegions gold(regions); }, problems);
  check_opens([&] { check_item_files(config); }, problems);
  if (!resumes) check_pretrained_files(config.model.embedding, problems);
  if (!data.tempdir.empty()) check_opens([&] { StoreFile probe(data.tempdir, ""); }, problems);
  if (!data.text_cache.empty()) check_opens([&] { make_directories(data.text_cache); }, problems);
  if (!resumes) check_model_of(config.training.from, "training.from", problems);
  check_model_of(config.training.distillation.teacher, "training.distillation.teacher", problems);
}

Vocabularies made_vocabularies(const Config& config) {
  const Heartbeat heartbeat("vocabularies");
  if (!config.training.from.empty() && config.vocabulary.source_file.empty()) {
    auto earlier = earlier_vocabularies(config);
    earlier.right_to_left = config.data.right_to_left;
    return earlier;
  }
  const auto files = training_files(config.data);
  std::vector<ItemOptions> items;
  for (std::size_t k = 0; k < files.sources.size(); ++k) items.push_back(item_options(config, k));
  auto made = build_vocabularies(config.vocabulary, files.sources, files.target,
                                 factor_format(config), items, config.data.corpora.tags);
  made.right_to_left = config.data.right_to_left;
  return made;
}

}  // namespace weft
