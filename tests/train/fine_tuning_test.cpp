// Training that begins from another model, or moves a part of it.

#include <gmock/gmock.h>
#include <torch/types.h>

#include <string>

#include "base/error.h"
#include "model/model_directory.h"
#include "nn/random_module.h"
#include "train/copy_task.h"
#include "train/optimizers.h"
#include "train/parameter_patterns.h"
#include "train/sampling_probability.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

class FineTuning : public ::testing::Test {
 protected:
  FineTuning() {
    task_.remove_validation();
    task_.train("parent");
    task_.config.training.from = task_.path("parent");
  }
  torch::Tensor weight(const std::string& model, const std::string& name) const {
    return task_.weights(model).tensors.at(name);
  }
  std::string failure() {
    try {
      task_.train("failed");
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }
  CopyTask task_;
};

TEST_F(FineTuning, BeginsFromTheWeightsAndVocabularies) {
  task_.config.training.optimizer.learning_rate = 1e-30;
  task_.config.training.schedule.minimum_rate = 0;
  task_.config.training.seed = 99;
  task_.config.training.exponential_smoothing = 0;
  task_.train("child");
  for (const auto& [name, tensor] : task_.weights("parent").tensors)
    EXPECT_LT(distance(tensor, weight("child", name)), 1e-6) << name;
  EXPECT_THAT(task_.directory().read("child/training/log.txt"),
              ::testing::AllOf(HasSubstr("vocabularies are those of " + task_.path("parent")),
                               HasSubstr("weights begin from " + task_.path("parent"))));
}

TEST_F(FineTuning, CopiesThePiecesThatBothVocabulariesHave) {
  // Other places, one word less, two more.
  for (const char* side : {"source_file", "target_file"})
    task_.directory().write(side, "d\nnew\nc\nb\na\nolder\ne\nf\ng\n");
  task_.config.vocabulary.source_file = task_.path("source_file");
  task_.config.vocabulary.target_file = task_.path("target_file");
  task_.config.training.optimizer.learning_rate = 1e-30;
  task_.config.training.schedule.minimum_rate = 0;
  task_.config.training.exponential_smoothing = 0;
  task_.train("child");
  const auto before = read_model_vocabularies(task_.path("parent"));
  const auto now = read_model_vocabularies(task_.path("child"));
  for (const char* word : {"a", "d", "g"}) {
    const auto old_id = before.target->encode(word).ids.at(0);
    const auto new_id = now.target->encode(word).ids.at(0);
    EXPECT_NE(new_id, kUnknownId);
    for (const char* name : {"source_embedding", "target_embedding", "output_bias"}) {
      EXPECT_LT(distance(weight("parent", name)[old_id], weight("child", name)[new_id]), 1e-6)
          << word << " of " << name;
    }
  }
  EXPECT_THAT(task_.directory().read("child/training/log.txt"),
              HasSubstr("source_embedding: 11 of 13 pieces are the other model's, which has 12; 2 "
                        "begin anew"));
}

TEST_F(FineTuning, RefusesVocabulariesOfWordsInAnotherForm) {
  task_.config.vocabulary.target_word_normalization = WordNormalization::kNfc;
  EXPECT_EQ(failure(), task_.path("parent") +
                           ": has a vocabulary of words in the form none, but "
                           "vocabulary.target_word_normalization is nfc; expected the same, or "
                           "none (training.from)");
}

TEST_F(FineTuning, RefusesAModelThatIsNotThere) {
  task_.config.training.from = task_.path("nowhere");
  EXPECT_THAT(failure(), HasSubstr("training.from"));
}

TEST_F(FineTuning, FreezesWhatThePatternsMatch) {
  task_.config.training.freeze = {"encoder.*", "*_embedding"};
  task_.config.training.exponential_smoothing = 0.5;
  task_.train("child");
  int frozen = 0, moved = 0;
  for (const auto& [name, tensor] : task_.weights("parent").tensors) {
    const bool is_frozen = name.starts_with("encoder.") || name.ends_with("_embedding");
    EXPECT_EQ(torch::equal(tensor, weight("child", name)), is_frozen) << name;
    (is_frozen ? frozen : moved) += 1;
  }
  EXPECT_GT(frozen, 5);
  EXPECT_GT(moved, 5);
}

TEST_F(FineTuning, NamesPatternsThatMatchNothing) {
  task_.config.training.freeze = {"encodr.*"};
  EXPECT_THAT(failure(), ::testing::AllOf(HasSubstr("training.freeze has 'encodr.*'"),
                                          HasSubstr("encoder.*")));
  task_.config.training.freeze = {"*"};
  EXPECT_THAT(failure(), HasSubstr("matches all parameters"));
}

TEST(RateFactors, MultiplyTheRateOfWhatTheyMatch) {
  NamedTensors weights;
  for (const char* name : {"encoder.a", "encoder.b", "decoder.a"})
    weights[name] = torch::ones({2}).requires_grad_();
  OptimizerOptions options;
  options.type = OptimizerType::kSgd;
  options.clip_norm = 1;
  Optimizers optimizers(weights, {}, options, {"*.b=0.1", "encoder.*=0.5"});
  for (auto& [name, weight] : weights) weight.mutable_grad() = torch::ones({2});
  const double norm = optimizers.gradient_norm();
  EXPECT_NEAR(norm, std::sqrt(6.0), 1e-6) << "of all together";
  optimizers.step({1, norm, 0});
  const auto moved = [&](const char* name) { return 1 - weights.at(name)[0].item<double>(); };
  EXPECT_NEAR(moved("decoder.a"), 1 / std::sqrt(6.0), 1e-6);
  EXPECT_NEAR(moved("encoder.a"), 0.5 / std::sqrt(6.0), 1e-6);
  EXPECT_NEAR(moved("encoder.b"), 0.1 / std::sqrt(6.0), 1e-6) << "the first that matches counts";
}

TEST(Teaching, NeedsATeacherOfTheSameVocabularies) {
  CopyTask task;
  task.remove_validation();
  task.train("teacher");
  task.config.training.distillation.teacher = task.path("teacher");
  task.config.training.distillation.weight = 0.5;
  EXPECT_EQ(task.train("student"), TrainingEnd::kStopAfter);
  task.directory().write("train.src", "a b c\n");
  task.directory().write("train.trg", "a b c\n");
  try {
    task.train("other");
    ADD_FAILURE() << "it trained";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("has other vocabularies than the model"));
  }
}

// k / (k + exp(t / k)) of Bengio et al. 2015, section 2.4, written out.
TEST(ScheduledSampling, RisesAsTheInverseSigmoid) {
  const ScheduledSamplingOptions options{.probability = 0.5, .decay = 10};
  for (const int64_t update : {1, 20, 60})
    EXPECT_NEAR(own_word_probability(options, update),
                0.5 * (1 - 10 / (10 + std::exp(static_cast<double>(update) / 10))), 1e-12);
  EXPECT_DOUBLE_EQ(own_word_probability(options, 1'000'000), 0.5);
  EXPECT_EQ(own_word_probability({}, 100), 0);
}

TEST(RightToLeft, WritesTheSameLinesAndMatrices) {
  CopyTask task(600);
  task.config.data.right_to_left = true;
  task.config.model.encoder.hidden = task.config.model.decoder.hidden = 32;
  task.config.model.dropout = {0, 0, 0, 0, 0};
  task.config.training.batch_tokens = 200;
  task.config.training.stop_after = {400, Period::Unit::kUpdates};
  task.config.training.validation.every = {100, Period::Unit::kUpdates};
  task.train("model");
  EXPECT_GT(task.events("model", "validation").back().at("bleu"), 80);
}

}  // namespace
}  // namespace weft
