#pragma once
// Models small enough to check number by number, and batches for them.

#include <torch/types.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "config/enum_names.h"
#include "data/batch.h"
#include "model/translation_model.h"
#include "nn/random_module.h"
#include "text/vocabulary.h"

namespace weft {

/// What differs from one tiny model to the next.
struct TinyModel {
  CellType encoder_cell = CellType::kGru;
  int64_t encoder_layers = 1;
  CellType decoder_cell = CellType::kGru;
  int64_t decoder_layers = 1;
  AttentionPlace place = AttentionPlace::kBetween;
  EmbeddingTying tying = EmbeddingTying::kTarget;
  /// What else differs: a name, and what it does to the options.
  std::string variant;
  std::function<void(ModelOptions&)> change;
  std::size_t sources = 1;
};

inline constexpr int64_t kTinySourceVocabulary = 9, kTinyTargetVocabulary = 8;
inline constexpr int64_t kTinyFactorVocabularies[] = {7, 5};
inline constexpr int64_t kTinySecondVocabulary = 10;

inline ModelOptions tiny_options(const TinyModel& tiny) {
  ModelOptions options;
  const bool all = tiny.tying == EmbeddingTying::kAll;
  options.embedding = {all ? 3 : 2, 3, tiny.tying};
  options.encoder = {tiny.encoder_cell, 3, tiny.encoder_layers};
  options.attention.width = 4;
  options.decoder = {tiny.decoder_cell, 4, tiny.decoder_layers, tiny.place,
                     tiny.tying == EmbeddingTying::kNone ? 5 : 3};
  if (tiny.change) tiny.change(options);
  return options;
}

inline VocabularySizes tiny_sizes(const ModelOptions& options, std::size_t sources) {
  VocabularySizes sizes{{{kTinySourceVocabulary}}, kTinyTargetVocabulary};
  if (!options.embedding.factors.empty()) {
    sizes.sources.front().factors.assign(std::begin(kTinyFactorVocabularies),
                                         std::end(kTinyFactorVocabularies));
  }
  sizes.sources.resize(sources, {kTinySecondVocabulary});
  return sizes;
}

/// A model of this kind, with these options instead, whose parameters are undefined.
inline TranslationModel model_with(const TinyModel& tiny, const ModelOptions& options) {
  const bool all = tiny.tying == EmbeddingTying::kAll;
  auto sizes = tiny_sizes(options, tiny.sources);
  if (all) sizes.sources.front().vocabulary = kTinyTargetVocabulary;
  return TranslationModel(options, sizes);
}

/// In evaluation mode and float64, every parameter random.
inline TranslationModel tiny_model(const TinyModel& tiny, uint64_t seed = 1) {
  auto model = model_with(tiny, tiny_options(tiny));
  randomize(*model, seed);
  model->eval();
  return model;
}

/// Tokens of a pair, without begin or end of sentence.
using TinyPair = std::pair<std::vector<int64_t>, std::vector<int64_t>>;

namespace internal {

/// [rows, width], padded with kPadId.
inline torch::Tensor padded(const std::vector<std::vector<int64_t>>& rows, int64_t width) {
  auto ids = torch::full({static_cast<int64_t>(rows.size()), width}, kPadId, torch::kInt64);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto length = static_cast<int64_t>(rows[i].size());
    ids[static_cast<int64_t>(i)].narrow(0, 0, length).copy_(torch::tensor(rows[i]));
  }
  return ids;
}

inline int64_t longest(const std::vector<std::vector<int64_t>>& rows) {
  std::size_t length = 0;
  for (const auto& row : rows) length = std::max(length, row.size());
  return static_cast<int64_t>(length);
}

inline std::vector<int64_t> lengths(const std::vector<std::vector<int64_t>>& rows) {
  std::vector<int64_t> sizes;
  for (const auto& row : rows) sizes.push_back(static_cast<int64_t>(row.size()));
  return sizes;
}

}  // namespace internal

namespace internal {

/// Another text of the same sentences, longer by two tokens: backwards.
inline Source second_source(const std::vector<TinyPair>& pairs, int64_t padding) {
  std::vector<std::vector<int64_t>> rows;
  for (const auto& [source, target] : pairs) {
    rows.emplace_back(source.rbegin(), source.rend());
    rows.back().insert(rows.back().begin(), 9);
    rows.back().insert(rows.back().end(), {5, kEndId});
  }
  const int64_t width = longest(rows) + padding;
  Source source;
  source.ids = padded(rows, width);
  source.mask = mask_of(lengths(rows), width);
  return source;
}

}  // namespace internal

/// Written apart from src/data/make_batch; `padding` columns more than needed on both sides. The
/// factors and a second source, which not every model reads, are there too; a word's factors
/// differ between its places.
inline Batch tiny_batch(const std::vector<TinyPair>& pairs, int64_t padding = 0) {
  std::vector<std::vector<int64_t>> sources, inputs, outputs;
  for (auto [source, target] : pairs) {
    source.push_back(kEndId);
    sources.push_back(source);
    outputs.push_back(target);
    outputs.back().push_back(kEndId);
    target.insert(target.begin(), kBeginId);
    inputs.push_back(target);
  }
  const int64_t width = internal::longest(sources) + padding;
  const int64_t target_width = internal::longest(outputs) + padding;
  Batch batch;
  batch.sources.resize(1);
  batch.sources[0].ids = internal::padded(sources, width);
  batch.sources[0].mask = mask_of(internal::lengths(sources), width);
  for (const int64_t size : kTinyFactorVocabularies)
    batch.sources[0].factors.push_back(
        (3 * batch.sources[0].ids + torch::arange(width)).remainder(size));
  batch.sources.push_back(internal::second_source(pairs, padding));
  batch.target_input = internal::padded(inputs, target_width);
  batch.target_output = internal::padded(outputs, target_width);
  batch.target_mask = mask_of(internal::lengths(outputs), target_width);
  batch.source_tokens = batch.sources[0].mask.sum().item<int64_t>();
  batch.target_tokens = batch.target_mask.sum().item<int64_t>();
  return batch;
}

/// The kinds of models of the plain design: cells, layers, place of attention, tying.
inline std::vector<TinyModel> plain_kinds_of_models() {
  std::vector<TinyModel> kinds;
  for (const auto cell : {CellType::kGru, CellType::kLstm}) {
    for (const auto place : {AttentionPlace::kBefore, AttentionPlace::kBetween}) {
      for (const int64_t layers : {1, 2}) {
        kinds.push_back({cell,
                         layers,
                         cell,
                         layers,
                         place,
                         layers == 1 ? EmbeddingTying::kTarget : EmbeddingTying::kNone,
                         "",
                         {}});
      }
    }
  }
  kinds.push_back({CellType::kLstm,
                   1,
                   CellType::kGru,
                   3,
                   AttentionPlace::kBetween,
                   EmbeddingTying::kAll,
                   "",
                   {}});
  return kinds;
}

/// The smallest plain model, changed.
inline TinyModel variant(const std::string& name, std::function<void(ModelOptions&)> change) {
  TinyModel tiny;
  tiny.variant = name;
  tiny.change = std::move(change);
  return tiny;
}

/// The same for a model of two sources.
inline TinyModel of_two_sources(const std::string& name,
                                std::function<void(ModelOptions&)> change) {
  auto tiny = variant(name, std::move(change));
  tiny.sources = 2;
  return tiny;
}

/// A model with `cell` on both sides, as deep as `depth`, in one layer or in two.
inline TinyModel model_of_cell(CellType cell, int64_t depth, AttentionPlace place, int64_t layers) {
  std::string name = to_name(cell);
  name += std::to_string(depth) + to_name(place);
  return variant(name, [=](ModelOptions& options) {
    options.encoder.cell = options.decoder.cell = cell;
    options.encoder.transition_depth = options.decoder.transition_depth = depth;
    options.encoder.layers = options.decoder.layers = layers;
    options.decoder.attention_place = place;
  });
}

/// Every cell that the plain kinds lack, in both places of attention, stacked and not.
inline std::vector<TinyModel> kinds_of_cells() {
  std::vector<TinyModel> kinds;
  for (const auto& entry : enum_names(CellType{})) {
    if (entry.value == CellType::kGru || entry.value == CellType::kLstm) continue;
    kinds.push_back(model_of_cell(entry.value, 1, AttentionPlace::kBefore, 2));
    kinds.push_back(model_of_cell(entry.value, 1, AttentionPlace::kBetween, 1));
  }
  kinds.push_back(model_of_cell(CellType::kGru, 3, AttentionPlace::kBetween, 1));
  kinds.push_back(model_of_cell(CellType::kLstm, 2, AttentionPlace::kBefore, 2));
  kinds.push_back(model_of_cell(CellType::kLnGru, 2, AttentionPlace::kBetween, 2));
  return kinds;
}

/// Kinds of attention, each part at least once.
inline std::vector<TinyModel> attention_kinds_of_models() {
  std::vector<TinyModel> kinds;
  const auto add = [&](const char* name, TinyModel tiny,
                       const std::function<void(AttentionOptions&)>& change) {
    tiny.variant = name;
    tiny.change = [change](ModelOptions& options) {
      change(options.attention);
      if (options.attention.score == ScoreType::kDot) options.decoder.hidden = 6;
    };
    kinds.push_back(std::move(tiny));
  };
  TinyModel before, lstm;
  before.place = AttentionPlace::kBefore;
  lstm.decoder_cell = CellType::kLstm;
  lstm.decoder_layers = 2;
  add("TwoScaledDotHeads", before, [](AttentionOptions& o) {
    o.score = ScoreType::kScaledDot;
    o.heads = 2;
  });
  add("GeneralSparsemaxLinguistic", lstm, [](AttentionOptions& o) {
    o.score = ScoreType::kGeneral;
    o.normalization = WeightNormalization::kSparsemax;
    o.coverage = CoverageType::kLinguistic;
  });
  add("AdditiveEntmaxNeural", {}, [](AttentionOptions& o) {
    o.normalization = WeightNormalization::kEntmax15;
    o.coverage = CoverageType::kNeural;
    o.coverage_width = 2;
  });
  add("DotLocalM", before, [](AttentionOptions& o) {
    o.score = ScoreType::kDot;
    o.window = AttentionWindowType::kMonotonic;
    o.window_width = 1;
  });
  add("TwoAdditiveHeadsLocalP", lstm, [](AttentionOptions& o) {
    o.heads = 2;
    o.window = AttentionWindowType::kPredictive;
    o.window_width = 2;
  });
  add("Location", {}, [](AttentionOptions& o) { o.score = ScoreType::kLocation; });
  add("FeedForward", before, [](AttentionOptions& o) { o.score = ScoreType::kFeedForward; });
  add("Hard", {}, [](AttentionOptions& o) { o.kind = AttentionKind::kHard; });
  add("HardGeneralLocalMNeural", before, [](AttentionOptions& o) {
    o.kind = AttentionKind::kHard;
    o.score = ScoreType::kGeneral;
    o.window = AttentionWindowType::kMonotonic;
    o.window_width = 1;
    o.coverage = CoverageType::kNeural;
    o.coverage_width = 2;
  });
  add("NoAttention", {}, [](AttentionOptions& o) { o.score = ScoreType::kNone; });
  return kinds;
}

/// The three context gates, each in another place of attention.
inline std::vector<TinyModel> context_gate_kinds_of_models() {
  std::vector<TinyModel> kinds;
  const auto add = [&](ContextGateType gate, AttentionPlace place, CellType cell) {
    kinds.push_back(variant("ContextGate" + to_name(gate), [=](ModelOptions& o) {
      o.decoder.context_gate = gate;
      o.decoder.attention_place = place;
      o.decoder.cell = cell;
      o.decoder.layers = 2;
      o.decoder.input_feeding = gate == ContextGateType::kBoth;
    }));
  };
  add(ContextGateType::kSource, AttentionPlace::kBefore, CellType::kLnGru);
  add(ContextGateType::kTarget, AttentionPlace::kBetween, CellType::kLstm);
  add(ContextGateType::kBoth, AttentionPlace::kAfter, CellType::kGru);
  return kinds;
}

/// The kinds of models that differ in how they compute.
inline std::vector<TinyModel> all_kinds_of_models() {
  auto kinds = plain_kinds_of_models();
  for (auto& kind : attention_kinds_of_models()) kinds.push_back(std::move(kind));
  kinds.push_back(
      variant("Embeddings", [](auto& o) { o.encoder.type = EncoderType::kEmbeddings; }));
  for (const auto direction : {EncoderDirection::kForward, EncoderDirection::kAlternating,
                               EncoderDirection::kFirstBidirectional}) {
    const std::string name = "Direction" + std::to_string(static_cast<int>(direction));
    kinds.push_back(variant(name, [direction](auto& o) {
      o.encoder.layers = 3;
      o.encoder.direction = direction;
      o.encoder.residual = true;
    }));
  }
  for (const bool deep : {false, true}) {
    kinds.push_back(variant(deep ? "LuongDeep" : "Luong", [deep](auto& o) {
      o.decoder.attention_place = AttentionPlace::kAfter;
      o.decoder.layers = deep ? 2 : 1;
      o.decoder.residual = deep;
      o.decoder.input_feeding = !deep;
      o.decoder.readout_embedding = false;
    }));
  }
  kinds.push_back(variant("RnnSearch", [](auto& o) {
    o.decoder.attention_place = AttentionPlace::kBefore;
    o.decoder.readout_type = ReadoutType::kMaxout;
    o.decoder.initial_state = InitialState::kLast;
    o.decoder.input_feeding = true;
  }));
  for (const auto direction : {EncoderDirection::kBackward, EncoderDirection::kBidirectional}) {
    const bool both = direction == EncoderDirection::kBidirectional;
    kinds.push_back(variant(both ? "CopiedFromBoth" : "Copied", [=](auto& o) {
      o.encoder = {CellType::kLstm, both ? 2 : 4, 2};
      o.encoder.direction = direction;
      o.decoder.cell = CellType::kLstm;
      o.decoder.layers = 2;
      o.decoder.attention_place = AttentionPlace::kAfter;
      o.decoder.initial_state = InitialState::kCopied;
    }));
  }
  kinds.push_back(variant("Gnmt", [](auto& o) {
    o.decoder.layers = 3;
    o.decoder.residual = true;
    o.decoder.context_to_upper = true;
    o.decoder.initial_state = InitialState::kZero;
  }));
  kinds.push_back(variant("DeepAboveFromOneStart", [](auto& o) {
    o.decoder.layers = 3;
    o.decoder.initial_shared = true;
    o.decoder.upper_transition_depth = 2;
  }));
  kinds.push_back(variant("Pyramid", [](auto& o) {
    o.encoder.layers = 3;
    o.encoder.pyramid = 2;
  }));
  for (auto& kind : context_gate_kinds_of_models()) kinds.push_back(std::move(kind));
  kinds.push_back(variant("Factors", [](auto& o) { o.embedding.factors = {2, 1}; }));
  auto summed = variant("SummedFactors", [](auto& o) {
    o.embedding.factors = {3, 3};
    o.embedding.factor_combine = FactorCombination::kSum;
    o.encoder.type = EncoderType::kEmbeddings;
  });
  summed.tying = EmbeddingTying::kAll;
  kinds.push_back(std::move(summed));
  kinds.push_back(of_two_sources("TwoSources", [](auto&) {}));
  kinds.push_back(of_two_sources("TwoSourcesInPyramids", [](auto& o) {
    o.attention.source_combination = SourceCombination::kHierarchical;
    o.attention.coverage = CoverageType::kNeural;
    o.attention.window = AttentionWindowType::kMonotonic;
    o.encoder.layers = 2;
    o.encoder.pyramid = 2;
    o.decoder.attention_place = AttentionPlace::kAfter;
    o.decoder.initial_state = InitialState::kLast;
    o.decoder.input_feeding = true;
  }));
  kinds.push_back(of_two_sources("TwoSourcesOneWithFactors", [](auto& o) {
    o.attention.source_combination = SourceCombination::kHierarchical;
    o.embedding.factors = {2, 1};
    o.encoder.type = EncoderType::kEmbeddings;
    o.decoder.attention_place = AttentionPlace::kBefore;
  }));
  kinds.push_back(of_two_sources("TwoSourcesWithoutAttention",
                                 [](auto& o) { o.attention.score = ScoreType::kNone; }));
  for (auto& kind : kinds_of_cells()) kinds.push_back(std::move(kind));
  return kinds;
}

inline std::string name_of(const TinyModel& tiny) {
  const auto cell = [](CellType type) { return type == CellType::kGru ? "Gru" : "Lstm"; };
  const char* tying = tiny.tying == EmbeddingTying::kNone     ? "None"
                      : tiny.tying == EmbeddingTying::kTarget ? "Target"
                                                              : "All";
  return cell(tiny.encoder_cell) + std::to_string(tiny.encoder_layers) + cell(tiny.decoder_cell) +
         std::to_string(tiny.decoder_layers) +
         (tiny.place == AttentionPlace::kBefore ? "Before" : "Between") + tying + tiny.variant;
}

}  // namespace weft
