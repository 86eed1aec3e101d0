#include "train/validator.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/temporary_directory.h"
#include "base/words.h"
#include "metrics/bleu.h"
#include "metrics/chrf.h"
#include "model/model_directory.h"
#include "model/tiny_model.h"
#include "search/ensemble.h"
#include "search/forced_aligner.h"
#include "search/translator.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

class ValidatorTest : public ::testing::Test {
 protected:
  ValidatorTest()
      : vocabularies_{{{std::make_shared<WordVocabulary>("a\nb\nc\nd\ne\n", "source")}},
                      std::make_shared<WordVocabulary>("w\nx\ny\nz\n", "target")},
        model_(tiny_model({})) {
    model_->to(torch::kFloat32);
    model_->train();
    config_.data.valid_source = {directory_.write("src", "a b c\nd\ne e e e e e e\nb a\n")};
    config_.data.valid_target = {directory_.write("trg", "w x\nz z y\ny\nw w w w x y z\n")};
    config_.data.max_length = 2;        // of training: validation leaves nothing out
    config_.training.batch_tokens = 9;  // several batches
    config_.training.label_smoothing = 0.3;
    config_.training.validation.beam_size = 3;
  }

  ValidationResult validate() {
    return Validator(config_, vocabularies_, directory_.path("")).validate(model_);
  }

  TemporaryDirectory directory_;
  Config config_;
  Vocabularies vocabularies_;
  TranslationModel model_;
};

TEST_F(ValidatorTest, MeasuresTheLossOfATargetTokenWithoutSmoothing) {
  const auto result = validate();
  model_->eval();
  const auto batch = tiny_batch({{{4, 5, 6}, {4, 5}},
                                 {{7}, {7, 7, 6}},
                                 {{8, 8, 8, 8, 8, 8, 8}, {6}},
                                 {{5, 4}, {4, 4, 4, 4, 5, 6, 7}}});
  const double loss = -model_->score({}, batch).log_probs.sum().item<double>() / (3 + 4 + 2 + 8);
  EXPECT_NEAR(result.loss, loss, 1e-5);
  EXPECT_NEAR(result.perplexity, std::exp(loss), 1e-4);
}

TEST_F(ValidatorTest, ScoresTheTranslationsOfAllLinesInTheirOrder) {
  const auto result = validate();
  model_->eval();
  TranslatorOptions options;
  options.decoding.beam_size = 3;
  Translator translator(std::make_shared<Ensemble>(std::vector{model_}), vocabularies_, options);
  std::vector<std::string> expected;
  for (const auto& line : translator.translate({"a b c", "d", "e e e e e e e", "b a"}))
    expected.push_back(line.n_best[0].text);
  EXPECT_EQ(result.translations, expected);
  const std::vector<std::string> references{"w x", "z z y", "y", "w w w w x y z"};
  EXPECT_EQ(result.bleu, corpus_bleu(expected, {references}, {}).score);
  EXPECT_EQ(result.signature, corpus_bleu(expected, {references}, {}).signature);
  EXPECT_EQ(result.chrf, corpus_chrf(expected, {references}).score);
}

TEST_F(ValidatorTest, LeavesTheModelInTrainingAndTheGeneratorAlone) {
  torch::manual_seed(5);
  const auto expected = torch::rand({2});
  torch::manual_seed(5);
  validate();
  EXPECT_TRUE(model_->is_training());
  EXPECT_TRUE(torch::equal(torch::rand({2}), expected));
}

TEST_F(ValidatorTest, ComparesForcedAlignmentsWithLinks) {
  Validator validator(config_, vocabularies_, directory_.path(""));
  EXPECT_FALSE(validator.validate(model_).aer);
  EXPECT_THROW(validator.compare_alignments({{}}), std::invalid_argument);
  model_->eval();
  ForcedAlignerOptions options;
  options.decoding = config_.decoding;
  ForcedAligner aligner(StoredModel{config_, vocabularies_, model_}, options);
  std::vector<LineWithWords> sources, targets;
  for (const auto& line : validator.sources().front()) sources.push_back({line, split_words(line)});
  for (const auto& line : validator.references()) targets.push_back({line, split_words(line)});
  std::vector<std::vector<Link>> links;
  for (const auto& pair : aligner.align(sources, targets))
    links.push_back(hard_links(pair.alignment));
  validator.compare_alignments(links);
  auto result = validator.validate(model_);
  EXPECT_EQ(result.aer, 0.0);
  EXPECT_EQ(result.alignment_shift, 0);
  links.front() = {{2, 1}, {2, 0}, {1, 0}, {0, 0}, {1, 1}, {0, 1}};
  validator.compare_alignments(links);
  EXPECT_GT(validator.validate(model_).aer, 0.0);
}

TEST(ValidationMetric, NamesAValueAndItsDirection) {
  ValidationResult result;
  result.loss = 1;
  result.perplexity = 2;
  result.bleu = 3;
  result.chrf = 4;
  EXPECT_EQ(metric_value(result, ValidationMetric::kLoss), 1);
  EXPECT_EQ(metric_value(result, ValidationMetric::kPerplexity), 2);
  EXPECT_EQ(metric_value(result, ValidationMetric::kBleu), 3);
  EXPECT_EQ(metric_value(result, ValidationMetric::kChrf), 4);
  result.aer = 0.5;
  EXPECT_EQ(metric_value(result, ValidationMetric::kAer), 0.5);
  EXPECT_FALSE(higher_is_better(ValidationMetric::kAer));
  EXPECT_FALSE(higher_is_better(ValidationMetric::kLoss));
  EXPECT_FALSE(higher_is_better(ValidationMetric::kPerplexity));
  EXPECT_TRUE(higher_is_better(ValidationMetric::kBleu));
  EXPECT_TRUE(higher_is_better(ValidationMetric::kChrf));
}

}  // namespace
}  // namespace weft
