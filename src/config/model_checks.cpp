#include "config/model_checks.h"

#include <algorithm>
#include <string>

#include "config/encoder_widths.h"
#include "config/enum_names.h"
#include "config/scalar_text.h"

namespace weft {
namespace {

void check_encoder(const EncoderOptions& encoder, const std::vector<SourceKind>& sources,
                   Checker& checker) {
  const bool one_layer = encoder.layers == 1;
  const auto require_layers = [&](bool is_off, const char* key, const std::string& value) {
    checker.require(
        is_off || !one_layer, {key, "model.encoder.layers"},
        std::string(key) + " is " + value +
            ", which only applies above the first layer; expected model.encoder.layers to "
            "be at least 2");
  };
  require_layers(!encoder.residual, "model.encoder.residual", "true");
  require_layers(encoder.pyramid == 1, "model.encoder.pyramid", std::to_string(encoder.pyramid));
  checker.require(encoder.pyramid == 1 || encoder.direction != EncoderDirection::kAlternating,
                  {"model.encoder.pyramid", "model.encoder.direction"},
                  "model.encoder.pyramid is " + std::to_string(encoder.pyramid) +
                      "; expected 1, because model.encoder.direction is alternating, whose two "
                      "stacks meet only at the top");
  const bool has_layers = std::any_of(sources.begin(), sources.end(), [&](SourceKind kind) {
    return reads_recurrently(encoder, kind);
  });
  checker.require(has_layers || one_layer, {"model.encoder.layers", "model.encoder.type"},
                  "model.encoder.layers is " + std::to_string(encoder.layers) +
                      "; expected 1, because model.encoder.type is " + to_name(encoder.type) +
                      ", which has no layers");
  checker.require(
      encoder.type != EncoderType::kRows || encoder.pyramid == 1,
      {"model.encoder.pyramid", "model.encoder.type"},
      "model.encoder.pyramid is " + std::to_string(encoder.pyramid) +
          "; expected 1, because model.encoder.type is rows, whose grid stays as it is");
}

void check_decoder(const ModelOptions& model, Checker& checker) {
  const DecoderOptions& decoder = model.decoder;
  const auto require_layers = [&](bool is_set, const char* key) {
    checker.require(!is_set || decoder.layers > 1, {key, "model.decoder.layers"},
                    std::string(key) +
                        " is true, which only applies above the first layer; expected "
                        "model.decoder.layers to be at least 2");
  };
  require_layers(decoder.residual, "model.decoder.residual");
  require_layers(decoder.context_to_upper, "model.decoder.context_to_upper");
  require_layers(decoder.initial_shared, "model.decoder.initial_shared");
  checker.require(decoder.upper_transition_depth == 0 || decoder.layers > 1,
                  {"model.decoder.upper_transition_depth", "model.decoder.layers"},
                  "model.decoder.upper_transition_depth is " +
                      std::to_string(decoder.upper_transition_depth) +
                      "; expected 0, because model.decoder.layers is 1");
  checker.require(!decoder.initial_shared || decoder.initial_state == InitialState::kMean ||
                      decoder.initial_state == InitialState::kLast,
                  {"model.decoder.initial_shared", "model.decoder.initial_state"},
                  "model.decoder.initial_shared is true; expected false, because "
                  "model.decoder.initial_state is " +
                      to_name(decoder.initial_state) + ", of which nothing is learnt");
  checker.require(
      !decoder.context_to_upper || decoder.attention_place != AttentionPlace::kAfter,
      {"model.decoder.context_to_upper", "model.decoder.attention_place"},
      "model.decoder.context_to_upper is true; expected false, because "
      "model.decoder.attention_place is after: the top layer attends, and none is above it");
  checker.require(
      decoder.initial_state != InitialState::kLast || model.encoder.type == EncoderType::kRecurrent,
      {"model.decoder.initial_state", "model.encoder.type"},
      "model.decoder.initial_state is last; expected mean or zero, because "
      "model.encoder.type is " +
          to_name(model.encoder.type) + ", which has no last state");
}

// A state goes from a layer of the encoder to one of the decoder as it is.
void check_copied_states(const ModelOptions& model, const std::vector<SourceKind>& sources,
                         Checker& checker) {
  const auto& encoder = model.encoder;
  const auto& decoder = model.decoder;
  if (decoder.initial_state != InitialState::kCopied) return;
  const auto require = [&](bool holds, const char* key, const std::string& found,
                           const std::string& expected) {
    checker.require(holds, {key, "model.decoder.initial_state"},
                    std::string(key) + " is " + found + "; expected " + expected +
                        ", because model.decoder.initial_state is copied, from each layer of the "
                        "encoder to that of the decoder");
  };
  checker.require(sources.size() == 1, {"data.source_kind", "model.decoder.initial_state"},
                  "model.decoder.initial_state is copied, but there are " +
                      std::to_string(sources.size()) + " sources; expected one");
  require(encoder.type == EncoderType::kRecurrent, "model.encoder.type", to_name(encoder.type),
          "recurrent");
  require(encoder.cell == decoder.cell, "model.decoder.cell", to_name(decoder.cell),
          to_name(encoder.cell) + ", as model.encoder.cell");
  require(encoder.layers == decoder.layers, "model.decoder.layers", std::to_string(decoder.layers),
          std::to_string(encoder.layers) + ", as the encoder's");
  require(encoder.direction != EncoderDirection::kFirstBidirectional, "model.encoder.direction",
          to_name(encoder.direction), "layers of one width");
  const int64_t width = directions_of_layer(encoder, encoder.layers - 1) * encoder.hidden;
  require(width == decoder.hidden, "model.decoder.hidden", std::to_string(decoder.hidden),
          std::to_string(width) + ", the width of the encoder's layers");
}

// A light recurrence multiplies no matrix by the state.
bool is_light(CellType cell) { return cell == CellType::kSru || cell == CellType::kSsru; }

void check_recurrence(const ModelOptions& model, Checker& checker) {
  const auto require_depth = [&](CellType cell, int64_t depth, const char* cell_key,
                                 const char* depth_key) {
    checker.require(depth <= 1 || !is_light(cell), {depth_key, cell_key},
                    std::string(depth_key) + " is " + std::to_string(depth) +
                        "; expected 1, because " + cell_key + " is " + to_name(cell) +
                        ", in which a transition without input would only shrink the state");
  };
  const auto require = [&](CellType cell, int64_t depth, const char* cell_key,
                           const char* depth_key) {
    require_depth(cell, depth, cell_key, depth_key);
    if (!is_light(cell)) return;
    const std::string given = std::string(cell_key) + " is " + to_name(cell);
    checker.require(model.dropout.recurrent == 0, {"model.dropout.recurrent", cell_key},
                    "model.dropout.recurrent is " + shortest_number(model.dropout.recurrent) +
                        "; expected 0, because " + given +
                        ", which multiplies no matrix by the state");
  };
  require(model.encoder.cell, model.encoder.transition_depth, "model.encoder.cell",
          "model.encoder.transition_depth");
  require(model.decoder.cell, model.decoder.transition_depth, "model.decoder.cell",
          "model.decoder.transition_depth");
  require_depth(model.decoder.cell, model.decoder.upper_transition_depth, "model.decoder.cell",
                "model.decoder.upper_transition_depth");
  checker.require(model.dropout.recurrent == 0 || !model.decoder.input_feeding,
                  {"model.dropout.recurrent", "model.decoder.input_feeding"},
                  "model.dropout.recurrent is " + shortest_number(model.dropout.recurrent) +
                      "; expected 0, because model.decoder.input_feeding is true: its steps are "
                      "taken one by one, without a mask for the sequence");
}

/// What a score cannot be combined with.
void check_score(const AttentionOptions& attention, Checker& checker) {
  const std::string score = "model.attention.score is " + to_name(attention.score);
  const auto require = [&](bool holds, const char* key, const std::string& value,
                           const std::string& expected) {
    checker.require(
        holds, {key, "model.attention.score"},
        std::string(key) + " is " + value + ", but " + score + "; expected " + expected);
  };
  const bool none = attention.score == ScoreType::kNone;
  if (none || attention.score == ScoreType::kLocation) {
    require(attention.window == AttentionWindowType::kGlobal, "model.attention.window",
            to_name(attention.window), "global");
    require(attention.coverage == CoverageType::kNone, "model.attention.coverage",
            to_name(attention.coverage), "none");
  }
  if (!none) return;
  require(attention.heads == 1, "model.attention.heads", std::to_string(attention.heads), "1");
  require(attention.normalization == WeightNormalization::kSoftmax, "model.attention.normalization",
          to_name(attention.normalization), "softmax, the default");
}

/// What one drawn position cannot be combined with.
void check_hard_attention(const AttentionOptions& attention, Checker& checker) {
  if (attention.kind != AttentionKind::kHard) return;
  const auto require = [&](bool holds, const char* key, const std::string& value,
                           const std::string& expected) {
    checker.require(holds, {key, "model.attention.kind"},
                    std::string(key) + " is " + value +
                        ", but model.attention.kind is hard; expected " + expected);
  };
  const bool has_query =
      attention.score != ScoreType::kNone && attention.score != ScoreType::kFeedForward;
  require(has_query, "model.attention.score", to_name(attention.score),
          "a score that compares a query with annotations");
  require(attention.heads == 1, "model.attention.heads", std::to_string(attention.heads),
          "1: there is one position to a word");
  require(attention.window != AttentionWindowType::kPredictive, "model.attention.window",
          to_name(attention.window), "global or local_m, whose weights sum to 1");
}

/// One matrix can begin from one file.
void check_pretrained(const EmbeddingOptions& embedding, Checker& checker) {
  if (embedding.tying != EmbeddingTying::kAll) return;
  const std::string reason =
      ", because model.embedding.tying is all: the one matrix is the target's";
  checker.require(embedding.source_vectors.empty(),
                  {"model.embedding.source_vectors", "model.embedding.tying"},
                  "model.embedding.source_vectors is \"" + embedding.source_vectors +
                      "\"; expected model.embedding.target_vectors in its place" + reason);
  checker.require(!embedding.frozen_source,
                  {"model.embedding.frozen_source", "model.embedding.tying"},
                  "model.embedding.frozen_source is true; expected "
                  "model.embedding.frozen_target in its place" +
                      reason);
}

/// What the widths of a score and its heads must fit.
void check_attention_widths(const ModelOptions& model, const std::vector<SourceKind>& sources,
                            Checker& checker) {
  const auto& attention = model.attention;
  const int64_t annotation = annotation_width(model, sources);
  const int64_t query = model.decoder.hidden;
  const bool dot = attention.score == ScoreType::kDot;
  checker.require(!dot || query == annotation,
                  {"model.attention.score", "model.decoder.hidden", "model.encoder.hidden"},
                  "model.attention.score is dot, which needs states as wide as annotations, but "
                  "model.decoder.hidden is " +
                      std::to_string(query) + " and annotations have " +
                      std::to_string(annotation) + " units; expected the same number, or general");
  const auto require_multiple = [&](bool used, int64_t width, const char* key,
                                    const std::string& name) {
    checker.require(!used || attention.heads < 1 || width % attention.heads == 0,
                    {"model.attention.heads", key},
                    "model.attention.heads is " + std::to_string(attention.heads) + ", but " +
                        name + " " + std::to_string(width) + "; expected a divisor");
  };
  const bool has_width =
      attention.score == ScoreType::kAdditive || attention.score == ScoreType::kScaledDot;
  require_multiple(has_width, attention.width, "model.attention.width", "model.attention.width is");
  require_multiple(dot || attention.score == ScoreType::kGeneral, query, "model.decoder.hidden",
                   "model.decoder.hidden is");
  require_multiple(true, annotation, "model.encoder.hidden", "the width of annotations is");
}

}  // namespace

void check_model(const ModelOptions& model, const std::vector<SourceKind>& sources,
                 Checker& checker) {
  check_pretrained(model.embedding, checker);
  check_encoder(model.encoder, sources, checker);
  check_decoder(model, checker);
  check_copied_states(model, sources, checker);
  check_recurrence(model, checker);
  check_score(model.attention, checker);
  check_hard_attention(model.attention, checker);
  check_attention_widths(model, sources, checker);
}

}  // namespace weft
