// What the parts of the training criterion add to a model's loss.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "model/tiny_model.h"
#include "nn/attention_losses.h"
#include "nn/distribution_losses.h"
#include "nn/gradient_check.h"

namespace weft {
namespace {

class TrainingLosses : public ::testing::Test {
 protected:
  /// In training mode, so that its dropout, if there is any, is on.
  static TranslationModel model(double dropout, uint64_t seed = 1) {
    auto made = tiny_model(variant("WithDropout",
                                   [dropout](auto& options) {
                                     options.dropout = {dropout, dropout, dropout, 0, 0};
                                   }),
                           seed);
    made->train();
    return made;
  }
  static double loss_of(TranslationModel& model, const Batch& batch,
                        const TrainingCriterion& criterion) {
    return model->forward({}, batch, criterion).loss.item<double>();
  }

  const Batch batch_ = tiny_batch({{{4, 5, 6, 7}, {4, 5}}, {{6}, {7, 7, 6, 5}}, {{5, 4}, {6}}});
  TrainingCriterion criterion_;
};

TEST_F(TrainingLosses, ReadingABatchTwiceWithoutDropoutChangesNothing) {
  auto plain = model(0);
  const auto once = plain->forward({}, batch_, criterion_);
  criterion_.r_drop = 5;
  const auto twice = plain->forward({}, batch_, criterion_);
  EXPECT_NEAR(twice.loss.item<double>(), once.loss.item<double>(), 1e-10);
  EXPECT_NEAR(twice.negative_log_likelihood.item<double>(),
              once.negative_log_likelihood.item<double>(), 1e-10);
}

// The masks of the second reading are others than those of the first.
TEST_F(TrainingLosses, RDropIsHalfTheDivergenceOfTwoReadings) {
  auto dropped = model(0.3);
  const auto loss = [&](double weight) {
    torch::manual_seed(3);
    criterion_.r_drop = weight;
    return loss_of(dropped, batch_, criterion_);
  };
  const double less = loss(1e-9), more = loss(2);
  EXPECT_GT(more - less, 1e-3);
  EXPECT_NEAR(loss(4) - less, 2 * (more - less), 1e-6);
}

TEST_F(TrainingLosses, ATeacherTakesItsPartOfTheLoss) {
  auto student = model(0, 1), teacher = model(0, 2);
  const double alone = loss_of(student, batch_, criterion_);
  criterion_.teacher_logits = teacher->logits({}, batch_).detach();
  criterion_.teacher_weight = 0.25;
  criterion_.temperature = 1.5;
  const double taught = distillation_loss(student->logits({}, batch_), criterion_.teacher_logits,
                                          batch_.target_mask, 1.5)
                            .item<double>();
  EXPECT_NEAR(loss_of(student, batch_, criterion_), 0.75 * alone + 0.25 * taught, 1e-10);
}

TEST_F(TrainingLosses, AttentionPaysForCoverageAndEntropy) {
  auto plain = model(0);
  const double alone = loss_of(plain, batch_, criterion_);
  const auto attention = plain->force({}, batch_).attention;
  criterion_.coverage = 2;
  criterion_.attention_entropy = 0.5;
  const double expected =
      alone + 2 * coverage_loss(attention, batch_.target_mask).item<double>() +
      0.5 * attention_entropy_loss(attention, batch_.target_mask).item<double>();
  EXPECT_NEAR(loss_of(plain, batch_, criterion_), expected, 1e-10);
}

TEST_F(TrainingLosses, OwnWordsAreReadInsteadOfTheReferences) {
  auto plain = model(0);
  criterion_.own_words = 0.9;
  torch::manual_seed(1);
  const double mixed = loss_of(plain, batch_, criterion_);
  EXPECT_GT(std::abs(mixed - loss_of(plain, batch_, {})), 1e-6);
  torch::manual_seed(1);
  EXPECT_EQ(loss_of(plain, batch_, criterion_), mixed) << "a function of the generator";
}

/// Three candidates of one sentence, two of another.
CandidateBatch tiny_candidates() {
  CandidateBatch made;
  made.batch = tiny_batch({{{4, 5, 6, 7}, {4, 5}},
                           {{4, 5, 6, 7}, {6}},
                           {{4, 5, 6, 7}, {7, 7}},
                           {{6}, {6}},
                           {{6}, {4, 5, 6}}});
  made.places = torch::tensor({0, 1, 2, 3, 4});
  made.costs = torch::tensor({{0.2, 0.9, 0.5}, {0.0, 1.0, 0.0}}, torch::kFloat64);
  made.weights = torch::tensor({5.0, 3.0}, torch::kFloat64);
  return made;
}

// Against the equations over log-probabilities of whole candidates; and its gradient.
TEST_F(TrainingLosses, RiskIsTheExpectedCostOfCandidates) {
  auto plain = model(0);
  const auto candidates = tiny_candidates();
  constexpr double kSharpness = 0.4;
  const auto log_probs = plain->score({}, candidates.batch).log_probs.sum(1).contiguous();
  const double* l = log_probs.data_ptr<double>();
  double expected = 0;
  const auto add = [&](double weight, const std::vector<int>& rows,
                       const std::vector<double>& costs) {
    double sum = 0, cost = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const double p = std::exp(kSharpness * l[rows[k]]);
      sum += p;
      cost += p * costs[k];
    }
    expected += weight * cost / sum;
  };
  add(5, {0, 1, 2}, {0.2, 0.9, 0.5});
  add(3, {3, 4}, {0.0, 1.0});
  EXPECT_NEAR(plain->risk({}, candidates, kSharpness).item<double>(), expected, 1e-10);
  expect_gradients_along_directions([&] { return plain->risk({}, candidates, kSharpness); },
                                    plain->parameters());
}

TEST_F(TrainingLosses, AllTogetherHaveTheGradientOfDifferences) {
  auto student = model(0, 1), teacher = model(0, 2);
  criterion_.label_smoothing = 0.1;
  criterion_.coverage = 0.7;
  criterion_.attention_entropy = 0.3;
  criterion_.r_drop = 1;
  criterion_.teacher_weight = 0.5;
  criterion_.teacher_logits = teacher->logits({}, batch_).detach();
  expect_gradients_along_directions([&] { return student->forward({}, batch_, criterion_).loss; },
                                    student->parameters());
}

}  // namespace
}  // namespace weft
