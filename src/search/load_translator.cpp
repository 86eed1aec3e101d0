#include <memory>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "model/model_directory.h"
#include "nn/device.h"
#include "nn/fast_path.h"
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

}  // namespace

DecodingOptions decoding_options(const std::string& directory) {
  return read_model_config(directory).decoding;
}

Translator load_translator(const std::vector<std::string>& directories, TranslatorOptions options) {
  if (directories.empty()) throw UserError("no model directory; expected at least one");
  if (!options.model_weights.empty() && options.model_weights.size() != directories.size())
    throw UserError("there are " + std::to_string(options.model_weights.size()) +
                    " weights of models (--model-weights); expected one for each of the " +
                    std::to_string(directories.size()) + " models (--model)");
  std::vector<TranslationModel> models;
  Vocabularies vocabularies;
  const auto device = resolved(options.device);
  options.name.clear();
  for (const auto& directory : directories) {
    auto stored = load_model(directory);
    if (options.copies_weights) copy_weights(*stored.model);
    if (models.empty()) {
      vocabularies = stored.vocabularies;
      warn_of_unprintable_pieces(*vocabularies.target, directory);
    } else if (!are_same(stored.vocabularies, vocabularies)) {
      throw UserError({directory}, "has other vocabularies than " + directories.front() +
                                       "; the models of an ensemble must share them");
    }
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
  options.decoding.precision = usable_precision(
      options.decoding.precision, "decoding.precision of " + directories.front(), device);
  auto model = std::make_shared<Ensemble>(std::move(models), options.decoding.precision,
                                          options.model_weights);
  return {std::move(model), std::move(vocabularies), std::move(options)};
}

}  // namespace weft
