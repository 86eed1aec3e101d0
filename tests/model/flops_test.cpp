// FLOPs of a model: against sums written out by hand, and against the sizes of its matrices.

#include "model/flops.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "model/model_directory.h"
#include "model/tiny_model.h"

namespace weft {
namespace {

/// Of a model with one source.
ModelFlops flops_of(const ModelOptions& options) {
  return TranslationModel(options, tiny_sizes(options, 1))->flops();
}

// E 2 and 3, H 3 each way, C 6, A 4, decoder 4, readout 3, V 8: the tiny GRU with attention
// between two cells.
TEST(Flops, OfAModelCountedByHand) {
  const auto flops = flops_of(tiny_options({}));
  EXPECT_EQ(flops.per_sentence, 2 * (6 * 4));
  EXPECT_EQ(flops.per_source_token, 2 * (2 * 9 * (2 + 3) + 6 * 4));
  EXPECT_EQ(flops.per_target_token, 2 * (12 * (3 + 4)       // f_1
                                         + 4 * 4            // query
                                         + 12 * (6 + 4)     // f_2
                                         + 3 * (4 + 3 + 6)  // readout
                                         + 8 * 3));         // logits
  EXPECT_EQ(flops.per_source_target_pair, 2 * (4 + 6));
}

// The same with LSTMs of two layers, attention before the cell and an output matrix of its own
// (readout 5).
TEST(Flops, OfADeeperModelCountedByHand) {
  const TinyModel tiny{CellType::kLstm,
                       2,
                       CellType::kLstm,
                       2,
                       AttentionPlace::kBefore,
                       EmbeddingTying::kNone,
                       "",
                       {}};
  const auto flops = flops_of(tiny_options(tiny));
  EXPECT_EQ(flops.per_sentence, 2 * (6 * 8));
  EXPECT_EQ(flops.per_source_token, 2 * (2 * 12 * (2 + 3) + 2 * 12 * (6 + 3) + 6 * 4));
  EXPECT_EQ(flops.per_target_token, 2 * (16 * (3 + 6 + 4)   // the attending cell
                                         + 4 * 4            // query
                                         + 16 * (4 + 4)     // the cell above
                                         + 5 * (4 + 3 + 6)  // readout
                                         + 8 * 5));         // logits
  EXPECT_EQ(flops.per_source_target_pair, 2 * (4 + 6));
}

// Two transitions of the context's cell, and an SRU, which has four products of the input and none
// of the state.
TEST(Flops, OfDeepTransitionsAndLightRecurrenceCountedByHand) {
  auto options = tiny_options({});
  options.encoder.cell = CellType::kSru;
  options.decoder.transition_depth = 2;
  const auto flops = flops_of(options);
  EXPECT_EQ(flops.per_source_token, 2 * (2 * 12 * 2 + 6 * 4));
  EXPECT_EQ(flops.per_target_token, 2 * (12 * (3 + 4)       // f_1
                                         + 4 * 4            // query
                                         + 12 * (6 + 4)     // f_2
                                         + 12 * 4           // the transition without input
                                         + 3 * (4 + 3 + 6)  // readout
                                         + 8 * 3));         // logits
}

// Every matrix multiplies one vector: per source token, per sentence or per target token.
TEST(Flops, AreTwiceTheSizesOfTheMatrices) {
  auto kinds = plain_kinds_of_models();
  for (auto& kind : kinds_of_cells()) kinds.push_back(std::move(kind));
  for (auto& kind : context_gate_kinds_of_models()) kinds.push_back(std::move(kind));
  for (const auto& tiny : kinds) {
    ModelFlops expected;
    const auto model = tiny_model(tiny);
    for (const auto& [name, tensor] : named_parameters(*model)) {
      const auto flops = 2 * static_cast<double>(tensor.numel());
      if (tensor.dim() != 2 || name == "source_embedding") continue;
      if (name == "target_embedding") {
        if (tiny.tying != EmbeddingTying::kNone) expected.per_target_token += flops;
      } else if (name == "decoder.initial.weight") {
        expected.per_sentence += flops;
      } else if (name.starts_with("encoder.") || name == "decoder.attention.key.weight") {
        expected.per_source_token += flops;
      } else {
        expected.per_target_token += flops;
      }
    }
    const auto flops = flops_of(tiny_options(tiny));
    EXPECT_EQ(flops.per_sentence, expected.per_sentence) << name_of(tiny);
    EXPECT_EQ(flops.per_source_token, expected.per_source_token) << name_of(tiny);
    EXPECT_EQ(flops.per_target_token, expected.per_target_token) << name_of(tiny);
  }
}

/// Multiply-adds of a query's inner product with a key (A 4, or the decoder's units), and of the
/// mean (C 6).
double products(const ModelOptions& options) {
  switch (options.attention.score) {
    case ScoreType::kAdditive:
    case ScoreType::kScaledDot:
      return 4 + 6;
    case ScoreType::kDot:
    case ScoreType::kGeneral:
      return static_cast<double>(options.decoder.hidden) + 6;
    case ScoreType::kLocation:
    case ScoreType::kFeedForward:
      return 6;
    case ScoreType::kNone:
      return 0;
  }
  return 0;
}

// Attention's matrices likewise; some are for every pair of tokens, and an energy and the mean have
// products without a matrix.
TEST(Flops, OfAttentionAreTwiceTheSizesOfItsMatrices) {
  for (const auto& tiny : attention_kinds_of_models()) {
    const auto options = tiny_options(tiny);
    auto without = options;
    without.attention = {};
    without.attention.score = ScoreType::kNone;
    double source = 0, target = 0, pair = 0;
    const auto model = tiny_model(tiny);
    for (const auto& [name, tensor] : named_parameters(*model)) {
      const std::string prefix = "decoder.attention.";
      if (tensor.dim() != 2 || !name.starts_with(prefix)) continue;
      const auto part = name.substr(prefix.size());
      const bool of_energies =
          part == "energy.weight" && options.attention.score == ScoreType::kFeedForward;
      if (of_energies || part == "key.weight" || part == "value.weight" ||
          part == "fertility.weight" || part == "coverage_annotation.weight") {
        source += 2 * static_cast<double>(tensor.numel());
      } else if (part == "coverage_key.weight" || part == "coverage_weight.weight" ||
                 part == "coverage_state.weight") {
        pair += 2 * static_cast<double>(tensor.numel());
      } else {
        target += 2 * static_cast<double>(tensor.numel());
      }
    }
    const auto all = flops_of(options);
    const auto others = flops_of(without);
    EXPECT_EQ(all.per_source_token - others.per_source_token, source) << tiny.variant;
    EXPECT_EQ(all.per_target_token - others.per_target_token, target) << tiny.variant;
    EXPECT_EQ(all.per_source_target_pair, pair + 2 * products(options)) << tiny.variant;
    EXPECT_EQ(all.per_sentence, others.per_sentence) << tiny.variant;
    EXPECT_EQ(others.per_source_target_pair, 0) << tiny.variant;
  }
}

TEST(Flops, OfWorkAreSumsOverItsSentences) {
  const ModelFlops flops{1000, 100, 10, 1};
  Workload work;
  work.add(3, 2);
  work.add(1, 5);
  EXPECT_EQ(flops.forward(work), 2 * 1000 + 4 * 100 + 7 * 10 + (3 * 2 + 1 * 5));
  EXPECT_EQ(flops.update(work), 3 * flops.forward(work));
  EXPECT_EQ(flops.forward({}), 0);
}

}  // namespace
}  // namespace weft
