#include "config/checks.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "config/enum_names.h"

namespace weft {
namespace {

TEST(CheckConfig, AcceptsTheDefaults) { EXPECT_TRUE(check_config(Config{}, {}).empty()); }

TEST(CheckConfig, AcceptsFilesForBothSides) {
  Config config;
  config.vocabulary.source_file = "de.model";
  config.vocabulary.target_file = "en.model";
  EXPECT_TRUE(check_config(config, {}).empty());
  config.vocabulary.shared = true;
  config.vocabulary.source_file = config.vocabulary.target_file = "joint.model";
  EXPECT_TRUE(check_config(config, {}).empty());
  config.vocabulary.target_file = "";
  EXPECT_TRUE(check_config(config, {}).empty());
}

TEST(CheckConfig, RefusesWhatTheOptimizerHasNoUseFor) {
  const auto complaint = [](OptimizerType type,
                            const std::function<void(OptimizerOptions&)>& change) {
    Config config;
    config.training.optimizer.type = type;
    change(config.training.optimizer);
    const auto problems = check_config(config, {});
    return problems.empty() ? "" : problems[0].message;
  };
  const auto momentum = [](auto& o) { o.momentum = 0.9; };
  const auto nesterov = [](auto& o) {
    o.momentum = 0.9;
    o.nesterov = true;
  };
  const auto decay = [](auto& o) { o.weight_decay = 0.1; };
  EXPECT_EQ(complaint(OptimizerType::kSgd, momentum), "");
  EXPECT_EQ(complaint(OptimizerType::kRmsprop, momentum), "");
  EXPECT_EQ(complaint(OptimizerType::kAdam, momentum),
            "training.optimizer.momentum is 0.9, but training.optimizer.type is adam; expected sgd "
            "or rmsprop");
  EXPECT_EQ(complaint(OptimizerType::kSgd, nesterov), "");
  EXPECT_EQ(complaint(OptimizerType::kRmsprop, nesterov),
            "training.optimizer.nesterov is true, but training.optimizer.type is rmsprop; expected "
            "sgd");
  EXPECT_EQ(complaint(OptimizerType::kSgd, [](auto& o) { o.nesterov = true; }),
            "training.optimizer.nesterov is true, but training.optimizer.momentum is 0; expected a "
            "number in (0, 1)");
  EXPECT_EQ(complaint(OptimizerType::kAdamW, decay), "");
  EXPECT_EQ(complaint(OptimizerType::kAdam, decay),
            "training.optimizer.weight_decay is 0.1, but training.optimizer.type is adam; expected "
            "adamw");
}

TEST(CheckConfig, RefusesARateThatFallsInTwoWaysOrBeforeItHasRisen) {
  const auto problems = [](const std::function<void(ScheduleOptions&)>& change) {
    Config config;
    change(config.training.schedule);
    return check_config(config, {}).size();
  };
  EXPECT_EQ(problems([](auto& o) { o.exponential_steps = 100; }), 0U);
  EXPECT_EQ(problems([](auto& o) { o.cosine_steps = o.warmup_steps + 1; }), 0U);
  EXPECT_EQ(problems([](auto& o) { o.cosine_steps = o.warmup_steps; }), 1U);
  EXPECT_EQ(problems([](auto& o) { o.inverse_sqrt_steps = o.exponential_steps = 9; }), 1U);
  EXPECT_EQ(problems([](auto& o) {
              o.inverse_sqrt_steps = 9;
              o.cosine_steps = 1000;
            }),
            1U);
}

TEST(CheckConfig, RefusesToTrainInInt8) {
  Config config;
  config.decoding.precision = Precision::kInt8;
  EXPECT_TRUE(check_config(config, {}).empty());
  config.training.precision = Precision::kInt8;
  ASSERT_EQ(check_config(config, {}).size(), 1U);
  EXPECT_NE(check_config(config, {})[0].message.find("decoding.precision"), std::string::npos);
}

TEST(CheckConfig, RefusesEncodersThatCannotBe) {
  const auto complaint = [](const std::function<void(EncoderOptions&)>& change) {
    Config config;
    change(config.model.encoder);
    const auto problems = check_config(config, {});
    return problems.empty() ? "" : problems[0].message;
  };
  EXPECT_EQ(complaint([](auto& o) { o.residual = true; }).find("model.encoder.residual"), 0U);
  EXPECT_EQ(complaint([](auto& o) { o.pyramid = 2; }).find("model.encoder.pyramid"), 0U);
  const auto alternating = [](auto& o) {
    o.layers = 2;
    o.pyramid = 2;
    o.direction = EncoderDirection::kAlternating;
  };
  EXPECT_NE(complaint(alternating).find("alternating"), std::string::npos);
  const auto deep_embeddings = [](auto& o) {
    o.layers = 2;
    o.type = EncoderType::kEmbeddings;
  };
  EXPECT_EQ(complaint(deep_embeddings).find("model.encoder.layers"), 0U);
}

TEST(CheckConfig, RefusesStatesThatCannotBeCopied) {
  Config config;
  config.model.encoder.layers = 2;
  config.model.encoder.hidden = 128;
  config.model.decoder.layers = 2;
  config.model.decoder.hidden = 256;
  config.model.decoder.initial_state = InitialState::kCopied;
  EXPECT_TRUE(check_config(config, {}).empty());
  config.model.encoder.direction = EncoderDirection::kBackward;
  config.model.decoder.layers = 3;
  config.model.decoder.cell = CellType::kLstm;
  const auto problems = check_config(config, {});
  ASSERT_EQ(problems.size(), 3U);
  EXPECT_EQ(problems[0].message,
            "model.decoder.cell is lstm; expected gru, as model.encoder.cell, because "
            "model.decoder.initial_state is copied, from each layer of the encoder to that of the "
            "decoder");
  EXPECT_EQ(problems[1].message.find("model.decoder.layers is 3; expected 2"), 0U);
  EXPECT_EQ(problems[2].message.find("model.decoder.hidden is 256; expected 128"), 0U);
  config = {};
  config.model.decoder.initial_state = InitialState::kCopied;
  config.model.decoder.hidden = 2 * config.model.encoder.hidden;
  config.data.source_kind = {SourceKind::kText, SourceKind::kText};
  ASSERT_EQ(check_config(config, {}).size(), 1U);
  EXPECT_EQ(check_config(config, {})[0].message,
            "model.decoder.initial_state is copied, but there are 2 sources; expected one");
}

TEST(CheckConfig, RefusesFactorsThatCannotBeAddedAndBlanksThatSeparateThem) {
  Config config;
  config.model.embedding.factors = {16, 8};
  EXPECT_TRUE(check_config(config, {}).empty());
  config.model.embedding.factor_combine = FactorCombination::kSum;
  ASSERT_EQ(check_config(config, {}).size(), 2U);
  EXPECT_EQ(check_config(config, {})[0].message,
            "model.embedding.factors has a width of 16; expected model.embedding.source, 256, "
            "because model.embedding.factor_combine is sum");
  config.model.embedding.factors = {256, 256};
  EXPECT_TRUE(check_config(config, {}).empty());
  for (const char* separator : {"", " ", "\t"}) {
    config.data.factor_separator = separator;
    ASSERT_EQ(check_config(config, {}).size(), 1U);
    EXPECT_EQ(check_config(config, {})[0].message.find("data.factor_separator"), 0U);
  }
}

/// The first complaint about the data of two corpora; "": there is none.
std::string data_complaint(const std::function<void(Config&)>& change) {
  Config config;
  config.data.train_source = {"a.de", "b.de"};
  config.data.train_target = {"a.en", "b.en"};
  change(config);
  const auto problems = check_config(config, {});
  return problems.empty() ? "" : problems[0].message;
}

TEST(CheckConfig, WantsAnEntryForEachCorpus) {
  EXPECT_EQ(data_complaint([](Config& c) { c.data.corpora.weights = {1, 0}; }), "");
  EXPECT_EQ(data_complaint([](Config& c) {
              c.data.corpora.weights = {1, 2, 3};
            }),
            "data.corpora.weights is a list of 3; expected one for each of the 2 training files of "
            "a side");
  EXPECT_EQ(data_complaint([](Config& c) {
              c.data.corpora.weights = {0, 0};
            }),
            "data.corpora.weights sum to 0; expected one above 0");
  EXPECT_EQ(data_complaint([](Config& c) {
              c.data.corpora.weights = {1, 1};
              c.data.corpora.temperature = 2;
            }),
            "data.corpora has weights and a temperature; expected one of the two");
  EXPECT_EQ(data_complaint([](Config& c) {
              c.data.corpora.tags = {"<BT>"};
            }).find("data.corpora.tags is a list of 1;"),
            0U);
  EXPECT_EQ(data_complaint([](Config& c) {
              c.data.train_word_weights = {"w"};
            }).find("data.train_word_weights is a list of 1;"),
            0U);
}

TEST(CheckConfig, RefusesTagsThatAreNoWords) {
  EXPECT_EQ(data_complaint([](Config& c) { c.data.corpora.tags = {"", "<BT>"}; }), "");
  EXPECT_EQ(data_complaint([](Config& c) {
              c.data.corpora.tags = {"", "back translated"};
            }),
            "data.corpora.tags has 'back translated'; expected a word without blanks");
  EXPECT_NE(data_complaint([](Config& c) {
              c.data.corpora.tags = {"", "<BT>"};
              c.model.embedding.factors = {4};
            }),
            "");
}

TEST(CheckConfig, WantsFilesOfPairsOnBothSidesOrOnOne) {
  const auto tsv = [](Config& c) {
    c.data.train_source = {"a.tsv", "b.tsv"};
    c.data.train_target.clear();
    c.data.train_format = {TextFormat::kTsv};
  };
  EXPECT_EQ(data_complaint(tsv), "");
  EXPECT_EQ(data_complaint([&](Config& c) {
              tsv(c);
              c.data.train_target = {"a.tsv", "b.tsv"};
            }),
            "");
  EXPECT_EQ(data_complaint([&](Config& c) {
              tsv(c);
              c.data.train_target = {"a.tsv", "c.tsv"};
            }),
            "data.train_format is tsv, but data.train_target has 'c.tsv' beside 'b.tsv'; expected "
            "the same file, which has both sides");
  EXPECT_NE(data_complaint([&](Config& c) {
              tsv(c);
              c.data.train_format = {TextFormat::kTsv, TextFormat::kLines};
            }),
            "");
  EXPECT_EQ(data_complaint([&](Config& c) {
              tsv(c);
              c.data.train_format = {TextFormat::kTsv, TextFormat::kTsv, TextFormat::kJson};
            }),
            "data.train_format is a list of 3; expected one, or one for each of the 2 files of "
            "data.train_source");
  EXPECT_EQ(data_complaint([](Config& c) { c.data.json_keys = {"en"}; }),
            "data.json_keys is a list of 1; expected two names, of source and target");
}

TEST(CheckConfig, DrawsSegmentationsOfSentencePieceAlone) {
  EXPECT_EQ(data_complaint([](Config& c) { c.data.subword_sampling.source = 0.1; }), "");
  EXPECT_NE(data_complaint([](Config& c) {
              c.data.subword_sampling.target = 0.1;
              c.vocabulary.type = VocabularyType::kWords;
            }),
            "");
  EXPECT_EQ(data_complaint([](Config& c) { c.data.filter.max_ratio = 0.5; }),
            "data.filter.max_ratio is 0.5; expected at least 1, or 0 for no limit");
}

TEST(CheckConfig, NormalizesWordsOfVocabulariesOfWordsAlone) {
  const auto complaint = [](bool shared, WordNormalization source, WordNormalization target,
                            VocabularyType type = VocabularyType::kWords) {
    return data_complaint([&](Config& c) {
      c.vocabulary.type = type;
      c.vocabulary.shared = shared;
      c.vocabulary.source_word_normalization = source;
      c.vocabulary.target_word_normalization = target;
    });
  };
  using enum WordNormalization;
  EXPECT_EQ(complaint(false, kNfc, kNone), "");
  EXPECT_EQ(complaint(true, kNfkcLower, kNfkcLower), "");
  EXPECT_EQ(complaint(true, kNfc, kNone),
            "vocabulary.target_word_normalization is none and vocabulary.source_word_normalization "
            "nfc; expected the same, because vocabulary.shared is true");
  EXPECT_EQ(complaint(false, kNone, kNfc, VocabularyType::kSentencePiece),
            "vocabulary.target_word_normalization is nfc, but vocabulary.type is sentencepiece, "
            "which has vocabulary.normalization; expected none");
}

TEST(CheckConfig, WantsFilesForEachOfSeveralSources) {
  Config config;
  config.data.train_source = {"a.de", "b.de"};
  config.data.train_target = {"a.en", "b.en"};
  EXPECT_TRUE(check_config(config, {}).empty());
  config.data.source_kind = {SourceKind::kText, SourceKind::kText};
  ASSERT_EQ(check_config(config, {}).size(), 1U);
  EXPECT_EQ(
      check_config(config, {})[0].message,
      "data.train_source has 2 files, data.train_target has 2 files; expected as many for each "
      "of the 2 sources in data.source_kind");
  config.data.train_source = {"a.de", "b.de", "a.fr", "b.fr"};
  EXPECT_TRUE(check_config(config, {}).empty());
  config.vocabulary.source_size = {100, 200};
  EXPECT_TRUE(check_config(config, {}).empty());
  config.vocabulary.source_size = {100, 200, 300};
  ASSERT_EQ(check_config(config, {}).size(), 1U);
  EXPECT_EQ(check_config(config, {})[0].message,
            "vocabulary.source_size is a list of 3; expected one size, or one for each of the 2 "
            "sources in data.source_kind");
  config.vocabulary.source_size = {100};
  config.model.attention.kind = AttentionKind::kHard;
  ASSERT_EQ(check_config(config, {}).size(), 1U);
  EXPECT_EQ(check_config(config, {})[0].message.find("model.attention.kind is hard"), 0U);
}

TEST(CheckConfig, AllowsAnyReadoutWithoutTying) {
  Config config;
  config.model.decoder.readout = 100;
  EXPECT_EQ(check_config(config, {}).size(), 1U);
  config.model.embedding.tying = EmbeddingTying::kNone;
  EXPECT_TRUE(check_config(config, {}).empty());
}

TEST(CheckConfig, RefusesWhatIsOfUpperLayersWhereThereAreNone) {
  Config config;
  config.model.decoder.initial_shared = true;
  config.model.decoder.upper_transition_depth = 2;
  const auto problems = check_config(config, {});
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].message.find("model.decoder.initial_shared is true, which only applies"),
            0U);
  EXPECT_EQ(problems[1].message,
            "model.decoder.upper_transition_depth is 2; expected 0, because model.decoder.layers "
            "is 1");
  config.model.decoder.layers = 2;
  EXPECT_TRUE(check_config(config, {}).empty());
  config.model.decoder.initial_state = InitialState::kZero;
  ASSERT_EQ(check_config(config, {}).size(), 1U);
  EXPECT_EQ(check_config(config, {})[0].message,
            "model.decoder.initial_shared is true; expected false, because "
            "model.decoder.initial_state is zero, of which nothing is learnt");
}

TEST(CheckConfig, RefusesWhatNeedsAProductWithTheStateWhereThereIsNone) {
  for (const auto cell : {CellType::kSru, CellType::kSsru}) {
    Config config;
    config.model.encoder.cell = config.model.decoder.cell = cell;
    EXPECT_TRUE(check_config(config, {}).empty());
    config.model.encoder.transition_depth = 2;
    ASSERT_EQ(check_config(config, {}).size(), 1U);
    EXPECT_EQ(check_config(config, {})[0].message,
              "model.encoder.transition_depth is 2; expected 1, because model.encoder.cell is " +
                  to_name(cell) +
                  ", in which a transition without input would only shrink the state");
    config.model.encoder.transition_depth = 1;
    config.model.encoder.cell = CellType::kGru;
    config.model.dropout.recurrent = 0.5;
    ASSERT_EQ(check_config(config, {}).size(), 1U);
    EXPECT_EQ(check_config(config, {})[0].message,
              "model.dropout.recurrent is 0.5; expected 0, because model.decoder.cell is " +
                  to_name(cell) + ", which multiplies no matrix by the state");
    config.model.decoder.layers = 2;
    config.model.decoder.upper_transition_depth = 2;
    config.model.dropout.recurrent = 0;
    ASSERT_EQ(check_config(config, {}).size(), 1U);
    EXPECT_EQ(check_config(config, {})[0].message.find("model.decoder.upper_transition_depth is 2; "
                                                       "expected 1, because model.decoder.cell"),
              0U);
    config.model.dropout.recurrent = 0.5;
    config.model.decoder.cell = CellType::kLstm;
    config.model.decoder.transition_depth = 3;
    EXPECT_TRUE(check_config(config, {}).empty());
  }
}

TEST(CheckConfig, RefusesRecurrentDropoutWithInputFeeding) {
  Config config;
  config.model.decoder.input_feeding = true;
  EXPECT_TRUE(check_config(config, {}).empty());
  config.model.dropout.recurrent = 0.5;
  ASSERT_EQ(check_config(config, {}).size(), 1U);
  EXPECT_NE(check_config(config, {})[0].message.find("input_feeding is true"), std::string::npos);
}

/// The only problem of a config with this attention, or "" if it has none.
std::string problem_of(const std::function<void(ModelOptions&)>& change) {
  Config config;
  config.model.decoder.hidden = 2 * config.model.encoder.hidden;
  change(config.model);
  const auto problems = check_config(config, {});
  EXPECT_LE(problems.size(), 1U);
  return problems.empty() ? "" : problems[0].message;
}

TEST(CheckConfig, RefusesWhatAScoreCannotBeCombinedWith) {
  EXPECT_EQ(problem_of([](ModelOptions& o) {
              o.attention.score = ScoreType::kNone;
              o.attention.heads = 2;
            }),
            "model.attention.heads is 2, but model.attention.score is none; expected 1");
  EXPECT_EQ(problem_of([](ModelOptions& o) {
              o.attention.score = ScoreType::kNone;
              o.attention.normalization = WeightNormalization::kSparsemax;
            }),
            "model.attention.normalization is sparsemax, but model.attention.score is none; "
            "expected softmax, the default");
  EXPECT_EQ(problem_of([](ModelOptions& o) {
              o.attention.score = ScoreType::kLocation;
              o.attention.window = AttentionWindowType::kPredictive;
            }),
            "model.attention.window is local_p, but model.attention.score is location; expected "
            "global");
  EXPECT_EQ(problem_of([](ModelOptions& o) {
              o.attention.score = ScoreType::kLocation;
              o.attention.coverage = CoverageType::kNeural;
            }),
            "model.attention.coverage is neural, but model.attention.score is location; expected "
            "none");
  for (const auto score : {ScoreType::kAdditive, ScoreType::kDot, ScoreType::kScaledDot,
                           ScoreType::kGeneral, ScoreType::kFeedForward}) {
    EXPECT_EQ(problem_of([&](ModelOptions& o) {
                o.attention.score = score;
                o.attention.heads = 4;
                o.attention.normalization = WeightNormalization::kEntmax15;
                o.attention.window = AttentionWindowType::kPredictive;
                o.attention.coverage = CoverageType::kNeural;
              }),
              "");
  }
}

TEST(CheckConfig, RefusesWhatHardAttentionCannotBeCombinedWith) {
  const auto problem = [](const std::function<void(AttentionOptions&)>& change) {
    return problem_of([&](ModelOptions& o) {
      o.attention.kind = AttentionKind::kHard;
      change(o.attention);
    });
  };
  for (const auto score : {ScoreType::kNone, ScoreType::kFeedForward}) {
    EXPECT_EQ(problem([&](AttentionOptions& o) { o.score = score; }),
              "model.attention.score is " + to_name(score) +
                  ", but model.attention.kind is hard; expected a score that compares a query with "
                  "annotations");
  }
  EXPECT_EQ(problem([](AttentionOptions& o) { o.heads = 2; }),
            "model.attention.heads is 2, but model.attention.kind is hard; expected 1: there is "
            "one position to a word");
  EXPECT_EQ(problem([](AttentionOptions& o) { o.window = AttentionWindowType::kPredictive; }),
            "model.attention.window is local_p, but model.attention.kind is hard; expected global "
            "or local_m, whose weights sum to 1");
  EXPECT_EQ(problem([](AttentionOptions& o) {
              o.window = AttentionWindowType::kMonotonic;
              o.coverage = CoverageType::kNeural;
              o.normalization = WeightNormalization::kSparsemax;
            }),
            "");
}

TEST(CheckConfig, RefusesTwoBeginningsOfOneEmbeddingMatrix) {
  Config config;
  config.vocabulary.shared = true;
  config.model.embedding.tying = EmbeddingTying::kAll;
  config.model.embedding.target_vectors = "target.vec";
  config.model.embedding.frozen_target = true;
  EXPECT_TRUE(check_config(config, {}).empty());
  config.model.embedding.source_vectors = "source.vec";
  config.model.embedding.frozen_source = true;
  const auto problems = check_config(config, {});
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].message,
            "model.embedding.source_vectors is \"source.vec\"; expected "
            "model.embedding.target_vectors in its place, because model.embedding.tying is all: "
            "the one matrix is the target's");
  EXPECT_EQ(problems[1].message,
            "model.embedding.frozen_source is true; expected model.embedding.frozen_target in its "
            "place, because model.embedding.tying is all: the one matrix is the target's");
}

TEST(CheckConfig, RefusesAttentionOfWidthsThatDoNotFit) {
  EXPECT_EQ(problem_of([](ModelOptions& o) {
              o.attention.score = ScoreType::kDot;
              o.decoder.hidden = 512;
            }),
            "model.attention.score is dot, which needs states as wide as annotations, but "
            "model.decoder.hidden is 512 and annotations have 1024 units; expected the same "
            "number, or general");
  EXPECT_EQ(problem_of([](ModelOptions& o) {
              o.attention.heads = 4;
              o.attention.width = 510;
            }),
            "model.attention.heads is 4, but model.attention.width is 510; expected a divisor");
  EXPECT_EQ(problem_of([](ModelOptions& o) {
              o.attention.heads = 4;
              o.encoder.hidden = 5;
            }),
            "model.attention.heads is 4, but the width of annotations is 10; expected a divisor");
  EXPECT_EQ(problem_of([](ModelOptions& o) {
              o.attention.score = ScoreType::kGeneral;
              o.attention.heads = 4;
              o.decoder.hidden = 510;
            }),
            "model.attention.heads is 4, but model.decoder.hidden is 510; expected a divisor");
}

TEST(CheckConfig, PlacesAProblemAtTheFirstKeyThatIsWritten) {
  Config config;
  config.model.decoder.readout = 100;
  KeyPlaces places{.file = "run.yaml", .written = {}, .unreadable = {}};
  EXPECT_EQ(to_string(check_config(config, places).at(0).place), "run.yaml");
  places.written["model.embedding.tying"] = {"run.yaml", 7, 3};
  EXPECT_EQ(to_string(check_config(config, places).at(0).place), "run.yaml:7:3");
  places.written["model.decoder.readout"] = {"run.yaml", 9, 5};
  EXPECT_EQ(to_string(check_config(config, places).at(0).place), "run.yaml:9:5");
}

TEST(CheckConfig, DoesNotTryRulesAboutUnreadableKeys) {
  Config config;
  config.model.decoder.readout = 100;
  KeyPlaces places;
  places.unreadable.insert("model.embedding.target");
  EXPECT_TRUE(check_config(config, places).empty());
}

TEST(RequireTrainingFiles, RefusesAConfigThatOnlyDescribesAModel) {
  Config config;
  EXPECT_THROW(require_training_files(config, "run.yaml"), UserError);
  config.data.train_source = {"a.de"};
  EXPECT_NO_THROW(require_training_files(config, "run.yaml"));
}

TEST(CheckConfig, RefusesToGuideWhatIsNoDistributionOverOneSource) {
  const auto complaint = [](const std::function<void(Config&)>& change) {
    Config config;
    config.training.guided_alignment.weight = 0.5;
    change(config);
    const auto problems = check_config(config, {});
    return problems.empty() ? "" : problems[0].message;
  };
  const std::string but = ", but training.guided_alignment.weight is 0.5; expected ";
  EXPECT_EQ(complaint([](auto&) {}), "");
  EXPECT_EQ(complaint([](auto& c) {
              c.model.attention.heads = 4;
              c.model.attention.window = AttentionWindowType::kMonotonic;
            }),
            "");
  for (const auto score : {ScoreType::kNone, ScoreType::kFeedForward}) {
    EXPECT_EQ(complaint([score](auto& c) { c.model.attention.score = score; }),
              "model.attention.score is " + to_name(score) + but +
                  "a score that compares a query with annotations");
  }
  EXPECT_EQ(complaint([](auto& c) { c.model.attention.kind = AttentionKind::kHard; }),
            "model.attention.kind is hard" + but + "soft");
  EXPECT_EQ(
      complaint([](auto& c) { c.model.attention.window = AttentionWindowType::kPredictive; }),
      "model.attention.window is local_p" + but + "global or local_m, whose weights sum to 1");
  EXPECT_EQ(
      complaint([](auto& c) { c.model.attention.normalization = WeightNormalization::kEntmax15; }),
      "model.attention.normalization is entmax15" + but +
          "softmax: a cross-entropy with exact zeros is infinite");
  EXPECT_EQ(complaint([](auto& c) { c.data.source_kind.resize(2); }),
            "data.source_kind is a list of 2" + but + "one source, whose attention can be guided");
  EXPECT_EQ(complaint([](auto& c) {
              c.training.guided_alignment.weight = 0;
              c.training.guided_alignment.links = "f";
            }),
            "training.guided_alignment.links is \"f\", but training.guided_alignment.weight is 0; "
            "expected a weight > 0, or a model.alignment_head.width > 0");
}

// The head can learn where attention cannot.
TEST(CheckConfig, RefusesAnAlignmentHeadOnlyWhereItCannotLearnOrIsNot) {
  const auto complaint = [](const std::function<void(Config&)>& change) {
    Config config;
    config.data.valid_source = config.data.valid_target = {"v"};
    config.model.alignment_head.width = 8;
    change(config);
    std::string messages;
    for (const auto& problem : check_config(config, {})) messages += problem.message;
    return messages;
  };
  EXPECT_EQ(complaint([](auto& c) {
              c.model.attention.score = ScoreType::kNone;
              c.training.validation.metric = ValidationMetric::kHeadAer;
              c.training.guided_alignment.links = "f";
              c.decoding.alignment_from = AlignmentFrom::kHead;
            }),
            "");
  EXPECT_EQ(complaint([](auto& c) {
              c.model.attention.score = ScoreType::kNone;
              c.training.validation.metric = ValidationMetric::kAer;
            }),
            "training.validation.metric is aer, but model.attention.score is none; expected "
            "another score, or metric head_aer with a model.alignment_head.width > 0");
  const auto no_head = [](auto& c) { c.model.alignment_head.width = 0; };
  EXPECT_EQ(complaint([&](auto& c) {
              no_head(c);
              c.training.validation.metric = ValidationMetric::kHeadAer;
            }),
            "training.validation.metric is head_aer, but model.alignment_head.width is 0; expected "
            "a width > 0");
  EXPECT_EQ(complaint([&](auto& c) {
              no_head(c);
              c.decoding.alignment_from = AlignmentFrom::kHead;
            }),
            "decoding.alignment_from is head, but model.alignment_head.width is 0; expected a "
            "width > 0, or alignments from the attention");
}

TEST(CheckConfig, RefusesSearchesThatCannotBe) {
  Config config;
  config.decoding.min_length = config.decoding.max_length = 5;
  config.decoding.coverage_penalty = 0.5;
  const auto lengths = check_config(config, {});
  ASSERT_EQ(lengths.size(), 1);
  EXPECT_EQ(lengths[0].message,
            "decoding.min_length is 5; expected less than decoding.max_length, 5");
  config.decoding.min_length = 4;
  config.model.attention.score = ScoreType::kNone;
  const auto coverage = check_config(config, {});
  ASSERT_EQ(coverage.size(), 1);
  EXPECT_EQ(
      coverage[0].message,
      "decoding.coverage_penalty is 0.5, but model.attention.score is none: nothing says what "
      "is covered; expected 0");
}

TEST(CheckConfig, RefusesToMeasureAlignmentsThatAreNot) {
  const auto complaints = [](const std::function<void(Config&)>& change) {
    Config config;
    config.data.valid_source = config.data.valid_target = {"v"};
    change(config);
    std::string messages;
    for (const auto& problem : check_config(config, {})) messages += problem.message + "\n";
    return messages;
  };
  const auto aer = [](Config& c) { c.training.validation.metric = ValidationMetric::kAer; };
  EXPECT_EQ(complaints(aer),
            "training.validation.metric is aer, but there are no links to compare with; expected "
            "training.validation.gold, or a training.guided_alignment.weight > 0\n");
  EXPECT_EQ(complaints([&](Config& c) {
              aer(c);
              c.training.validation.gold = "g";
            }),
            "");
  EXPECT_EQ(complaints([&](Config& c) {
              aer(c);
              c.training.guided_alignment.weight = 1;
            }),
            "");
  EXPECT_EQ(complaints([](Config& c) {
              c.data = {};
              c.training.validation.gold = "g";
              c.model.attention.score = ScoreType::kNone;
            }),
            "training.validation.gold is \"g\", but model.attention.score is none: there are no "
            "alignments; expected another score, or \"\"\n"
            "training.validation.gold is \"g\", but there is nothing to validate on; expected "
            "data.valid_source and data.valid_target\n");
}

}  // namespace
}  // namespace weft
