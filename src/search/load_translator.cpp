#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "model/model_directory.h"
#include "nn/device.h"
#include "ops/precision.h"
#include "search/ensemble.h"
#include "search/translator.h"
#include "text/control_characters.h"

namespace weft {
namespace {

/// Pieces, not single bytes, which every model with byte fallback has.
void warn_of_unprintable_pieces(const Vocabulary& target, const std::string& directory) {
  int64_t pieces = 0;
  for (const int32_t id : target.unprintable_ids()) {
    if (has_control_character(target.piece(id))) ++pieces;
  }
  if (pieces == 0) return;
  log_warning(directory + ": " + std::to_string(pieces) +
              " pieces of the target vocabulary hold line breaks or other control characters; "
              "translations are made without them");
}

bool are_plain_texts(const std::vector<SourceVocabulary>& sources) {
  return std::all_of(sources.begin(), sources.end(), [](const auto& source) {
    return source.is_text() && source.factors.vocabularies.empty();
  });
}

/// Where the sources of a further model stand: where the first model's do, or those of another
/// reading, which is added to `all` if it is new.
std::size_t first_source(const std::string& directory, const Vocabularies& stored,
                         Vocabularies& all) {
  const auto count = all.sources.size();
  if (read_the_same(stored.sources, all.sources)) return 0;
  if (stored.sources.size() != count || !are_plain_texts(stored.sources) ||
      !are_plain_texts(all.sources))
    throw UserError({directory},
                    "reads other sources than the first model; the models of an ensemble must read "
                    "the same, or as many texts without factors");
  auto& others = all.other_readings;
  const auto known = std::find_if(others.begin(), others.end(), [&](const auto& reading) {
    return read_the_same(stored.sources, reading);
  });
  const auto index = static_cast<std::size_t>(known - others.begin());
  if (known == others.end()) others.push_back(stored.sources);
  return count * (index + 1);
}

}  // namespace

DecodingOptions decoding_options(const std::string& directory) {
  return read_model_config(directory).decoding;
}

Translator load_translator(const std::vector<std::string>& directories, TranslatorOptions options) {
  return load_translator(directories, read_model_configs(directories), std::move(options));
}

Translator load_translator(const std::vector<std::string>& directories,
                           const std::vector<Config>& configs, TranslatorOptions options) {
  if (directories.empty()) throw UserError("no model directory; expected at least one");
  if (!options.model_weights.empty() && options.model_weights.size() != directories.size())
    throw UserError("there are " + std::to_string(options.model_weights.size()) +
                    " weights of models (--model-weights); expected one for each of the " +
                    std::to_string(directories.size()) + " models (--model)");
  std::vector<TranslationModel> models;
  std::vector<std::size_t> first_sources;
  Vocabularies vocabularies;
  const auto device = resolved(options.device);
  options.name.clear();
  for (std::size_t i = 0; i < directories.size(); ++i) {
    const auto& directory = directories[i];
    auto stored = load_model(directory, configs.at(i));
    if (options.copies_weights) copy_weights(*stored.model);
    if (models.empty()) {
      vocabularies = stored.vocabularies;
      warn_of_unprintable_pieces(*vocabularies.target, directory);
    } else if (!write_the_same(stored.vocabularies, vocabularies)) {
      throw UserError({directory}, "has another target vocabulary than " + directories.front() +
                                       "; the models of an ensemble must share it");
    }
    first_sources.push_back(first_source(directory, stored.vocabularies, vocabularies));
    if (options.with_alignment && options.decoding.alignment_from == AlignmentFrom::kAttention &&
        stored.config.decoding.alignment_shift != options.decoding.alignment_shift) {
      throw UserError({directory}, "has decoding.alignment_shift " +
                                       std::to_string(stored.config.decoding.alignment_shift) +
                                       "; expected that of the alignments asked for, " +
                                       std::to_string(options.decoding.alignment_shift) +
                                       ": the rows of an ensemble's matrices are means");
    }
    options.name += (models.empty() ? "" : ", ") + directory;
    stored.model->to(device);
    models.push_back(stored.model);
  }
  place_items(directories.front(), options.source_root, vocabularies);
  options.decoding.precision = usable_precision(
      options.decoding.precision, "decoding.precision of " + directories.front(), device);
  auto model = std::make_shared<Ensemble>(std::move(models), options.decoding.precision,
                                          options.model_weights, std::move(first_sources));
  return {std::move(model), std::move(vocabularies), std::move(options)};
}

}  // namespace weft
