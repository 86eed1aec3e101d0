#include "app/exchange_models.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <filesystem>
#include <map>

#include "app/foreign_vocabulary.h"
#include "app/gru_weights.h"
#include "app/marian_model.h"
#include "app/nematus_model.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/log.h"
#include "config/config.h"
#include "config/enum_names.h"
#include "model/model_directory.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

struct Sides {
  ForeignVocabulary source, target;
};

Sides read_vocabularies(const ImportTask& task, const GruModel& model) {
  const auto rows = [&](const char* name) { return model.tensors.at(name).size(0); };
  const auto& paths = task.vocabularies;
  Sides sides{read_foreign_vocabulary(paths.front(), rows("encoder_Wemb")), {}};
  sides.target = paths.front() == paths.back() && rows("encoder_Wemb") == rows("decoder_Wemb")
                     ? sides.source
                     : read_foreign_vocabulary(paths.back(), rows("decoder_Wemb"));
  const bool are_equal =
      sides.source.vocabulary->serialized() == sides.target.vocabulary->serialized() &&
      sides.source.rows == sides.target.rows;
  if (are_equal) sides.target = sides.source;
  return sides;
}

/// What stands before the first word is a zero in the other toolkits, which a token of Weft's name
/// for it need not be.
void leave_out_begin(const GruModel& model, const std::string& path, Sides& sides) {
  int64_t& row = sides.target.rows[kBeginId];
  if (row == kNoRow || model.tensors.at("decoder_Wemb")[row].eq(0).all().item<bool>()) return;
  row = kNoRow;
  log_warning(path + ": has a token '<s>', which is begin of sentence here; it is never predicted");
}

Config imported_config(const ModelOptions& options, const Sides& sides) {
  Config config;
  config.model = options;
  const bool pieces = sides.source.vocabulary->file_ending() == ".spm";
  config.vocabulary.type = pieces ? VocabularyType::kSentencePiece : VocabularyType::kWords;
  config.vocabulary.shared = sides.source.vocabulary == sides.target.vocabulary;
  config.vocabulary.source_size = {sides.source.vocabulary->size()};
  config.vocabulary.target_size = sides.target.vocabulary->size();
  return config;
}

/// Adds to `problems` every option for which the other toolkits have no equation.
void require_exportable(const StoredModel& stored, Toolkit toolkit, Problems& problems) {
  const auto& model = stored.config.model;
  const auto require = [&](bool holds, const std::string& what) {
    if (!holds) problems.add(what);
  };
  const auto& [encoder, decoder, attention] =
      std::tie(model.encoder, model.decoder, model.attention);
  require(stored.vocabularies.sources.size() == 1 && stored.vocabularies.sources[0].is_text(),
          "the sources are not one text");
  require(model.embedding.factors.empty(), "model.embedding.factors has factors");
  require(model.embedding.source == model.embedding.target,
          "model.embedding.source and target differ");
  require(decoder.readout == model.embedding.target,
          "model.decoder.readout is not model.embedding.target");
  require(encoder.type == EncoderType::kRecurrent, "model.encoder.type is not recurrent");
  require(encoder.cell == CellType::kGru, "model.encoder.cell is not gru");
  require(decoder.cell == CellType::kGru, "model.decoder.cell is not gru");
  require(encoder.hidden == decoder.hidden, "model.encoder.hidden is not model.decoder.hidden");
  require(encoder.pyramid == 1 || encoder.layers == 1, "model.encoder.pyramid is not 1");
  require(encoder.direction != EncoderDirection::kForward &&
              encoder.direction != EncoderDirection::kBackward,
          "model.encoder.direction is " + to_name(encoder.direction));
  require(encoder.direction != EncoderDirection::kBidirectional || encoder.layers == 1,
          "model.encoder.direction is bidirectional with several layers, each of which reads both "
          "directions of the one below");
  require(attention.score == ScoreType::kAdditive && attention.heads == 1 &&
              attention.normalization == WeightNormalization::kSoftmax &&
              attention.window == AttentionWindowType::kGlobal &&
              attention.coverage == CoverageType::kNone && attention.kind == AttentionKind::kSoft,
          "model.attention is not additive with one head, softmax and nothing else");
  require(decoder.attention_place == AttentionPlace::kBetween,
          "model.decoder.attention_place is not between");
  require(decoder.readout_type == ReadoutType::kTanh && decoder.readout_embedding,
          "model.decoder.readout_type is not tanh, or readout_embedding is false");
  require(!decoder.input_feeding, "model.decoder.input_feeding is true");
  require(decoder.initial_state == InitialState::kMean, "model.decoder.initial_state is not mean");
  require(decoder.context_gate == ContextGateType::kNone, "model.decoder.context_gate is not none");
  // Marian's right-left turns the source round as well.
  require(!stored.config.data.right_to_left, "data.right_to_left is true");
  const bool has_residuals = encoder.layers > 1 && decoder.layers > 1;
  if (toolkit == Toolkit::kMarian) {
    require(!decoder.context_to_upper || decoder.layers == 1,
            "model.decoder.context_to_upper is true");
    require(!has_residuals || encoder.residual == decoder.residual,
            "model.encoder.residual is not model.decoder.residual");
    return;
  }
  require(encoder.layers == 1 ||
              (encoder.direction == EncoderDirection::kAlternating && encoder.residual),
          "model.encoder has several layers that are not alternating with residual connections");
  require(decoder.layers == 1 || decoder.residual,
          "model.decoder has several layers without residual connections");
}

GruArchitecture architecture_of(const ModelOptions& options) {
  GruArchitecture architecture;
  architecture.encoder_layers = options.encoder.layers;
  architecture.encoder_transitions = options.encoder.transition_depth;
  architecture.direction =
      options.encoder.layers > 1 ? options.encoder.direction : EncoderDirection::kBidirectional;
  architecture.encoder_residual = options.encoder.residual && options.encoder.layers > 1;
  architecture.decoder_layers = options.decoder.layers;
  architecture.decoder_transitions = options.decoder.transition_depth;
  if (options.decoder.layers > 1) {
    const int64_t depth = options.decoder.upper_transition_depth;
    architecture.upper_transitions = depth > 0 ? depth : options.decoder.transition_depth;
  }
  architecture.decoder_residual = options.decoder.residual && options.decoder.layers > 1;
  if (options.encoder.layers == 1) architecture.encoder_residual = architecture.decoder_residual;
  architecture.context_to_upper = options.decoder.context_to_upper && options.decoder.layers > 1;
  architecture.tying = options.embedding.tying;
  return architecture;
}

/// Stores a vocabulary beside the model and returns its name there.
std::string write_vocabulary(const ForeignVocabulary& vocabulary, const ExportTask& task,
                             const std::string& side) {
  const bool pieces = vocabulary.vocabulary->file_ending() == ".spm";
  const bool of_nematus = task.toolkit == Toolkit::kNematus;
  const auto names = of_nematus ? ReservedNames{"eos", "UNK"} : ReservedNames{};
  if (pieces && of_nematus)
    throw UserError({task.model},
                    "has a vocabulary of SentencePiece; Nematus reads lists of words");
  const auto* words = dynamic_cast<const WordVocabulary*>(vocabulary.vocabulary.get());
  if (words != nullptr && words->normalization() != WordNormalization::kNone)
    log_warning(task.model + ": the other toolkit must be given " + side + " text in the form " +
                to_name(words->normalization()) + ", into which Weft brings it");
  const auto path = task.output + "." + side + (pieces ? ".spm" : of_nematus ? ".json" : ".yml");
  write_file_atomically(path, format_foreign_vocabulary(vocabulary, names));
  return fs::path(path).filename().string();
}

}  // namespace

void import_model(const ImportTask& task) {
  if (fs::exists(fs::path(task.output) / kWeightsFile))
    throw UserError({task.output}, "has a model already; expected a new directory");
  const torch::NoGradGuard no_grad;
  auto model = task.toolkit == Toolkit::kMarian ? read_marian_model(task.model)
                                                : read_nematus_model(task.model);
  weft_options(model, task.model);  // throws if there are no embeddings
  auto sides = read_vocabularies(task, model);
  leave_out_begin(model, task.model, sides);
  if (model.architecture.tying == EmbeddingTying::kAll &&
      sides.source.vocabulary != sides.target.vocabulary)
    model.architecture.tying = EmbeddingTying::kTarget;  // the source's rows are a copy
  const auto config = imported_config(weft_options(model, task.model), sides);
  Problems problems;
  const auto weights =
      weft_weights(model, {sides.source.rows, sides.target.rows}, task.model, problems);
  problems.throw_if_any();
  const Vocabularies vocabularies{{{sides.source.vocabulary, {}, {}}}, sides.target.vocabulary, {}};
  write_model_description(task.output, config, vocabularies);
  write_weights((fs::path(task.output) / kWeightsFile).string(), weights, vocabularies,
                {{"imported", fs::path(task.model).filename().string()}});
  log_info(task.output + ": " + std::to_string(weights.size()) + " parameters of " + task.model);
}

void export_model(const ExportTask& task) {
  const torch::NoGradGuard no_grad;
  const auto stored = load_model(task.model);
  Problems problems;
  require_exportable(stored, task.toolkit, problems);
  if (!problems.empty()) {
    Problems placed;
    for (const auto& message : problems.messages())
      placed.add({task.model}, message + ", which the other toolkit has no equation for");
    placed.throw_if_any();
  }
  const auto& options = stored.config.model;
  const auto source = with_rows(stored.vocabularies.sources.front().vocabulary);
  const auto target = with_rows(stored.vocabularies.target);
  GruModel model{architecture_of(options), {}};
  model.architecture.backward_first =
      task.toolkit == Toolkit::kNematus && model.architecture.encoder_layers % 2 == 0;
  model.tensors = marian_weights(options, model.architecture, named_parameters(*stored.model),
                                 {source.rows, target.rows}, problems);
  Problems placed;
  for (const auto& message : problems.messages()) placed.add({task.model}, message);
  placed.throw_if_any();
  const auto source_name = write_vocabulary(source, task, "source");
  const auto target_name = write_vocabulary(target, task, "target");
  if (task.toolkit == Toolkit::kMarian) {
    write_file_atomically(task.output, format_npz(marian_contents(options, model)));
    write_file_atomically(task.output + ".decoder.yml",
                          marian_decoder_settings(fs::path(task.output).filename().string(),
                                                  source_name, target_name));
  } else {
    write_file_atomically(task.output, format_npz(nematus_contents(model)));
    write_file_atomically(task.output + ".json",
                          nematus_settings(options, model, source_name, target_name));
  }
  log_info(task.output + ": " + std::to_string(model.tensors.size()) + " arrays");
}

}  // namespace weft
