// The learning rate against PyTorch's schedulers: tests/golden/train/make_golden.py.

#include "train/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace weft {
namespace {

using nlohmann::json;

const json& schedules_of_pytorch() {
  static const json all = json::parse(std::ifstream(WEFT_GOLDEN "/train/schedules.json"));
  return all;
}

ScheduleOptions schedule_options_of(const json& given) {
  ScheduleOptions options;
  options.warmup_steps = given.value("warmup_steps", 0);
  options.inverse_sqrt_steps = given.value("inverse_sqrt_steps", 0);
  options.exponential_steps = given.value("exponential_steps", 0);
  options.exponential_factor = given.value("exponential_factor", 0.5);
  options.cosine_steps = given.value("cosine_steps", 0);
  options.minimum_rate = given.value("minimum_rate", 0.0);
  return options;
}

ScheduleOptions schedule(int64_t warmup, int64_t inverse_sqrt, double minimum = 0) {
  ScheduleOptions options;
  options.warmup_steps = warmup;
  options.inverse_sqrt_steps = inverse_sqrt;
  options.plateau_factor = 0.5;
  options.plateau_patience = 1;
  options.minimum_rate = minimum;
  return options;
}

class ScheduleGolden : public ::testing::TestWithParam<int> {};

INSTANTIATE_TEST_SUITE_P(Cases, ScheduleGolden, ::testing::Range(0, 6));

TEST_P(ScheduleGolden, HasTheRatesOfPyTorch) {
  const auto& cases = schedules_of_pytorch().at("cases");
  ASSERT_EQ(cases.size(), 6U);
  const auto& test = cases.at(static_cast<std::size_t>(GetParam()));
  const LearningRate rate(schedules_of_pytorch().at("peak"),
                          schedule_options_of(test.at("options")));
  const auto rates = test.at("rates").get<std::vector<double>>();
  for (std::size_t i = 0; i < rates.size(); ++i)
    EXPECT_NEAR(rate.at(static_cast<int64_t>(i) + 1), rates[i], 1e-12)
        << test.at("options") << ", update " << i + 1;
}

TEST(Plateau, FallsAsPyTorchs) {
  const auto& test = schedules_of_pytorch().at("plateau");
  auto options = schedule(0, 0);
  options.plateau_factor = test.at("factor");
  options.plateau_patience = test.at("patience");
  LearningRate rate(schedules_of_pytorch().at("peak"), options);
  const auto losses = test.at("losses").get<std::vector<double>>();
  double best = 1e9;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    rate.validated(losses[i] < best);
    best = std::min(best, losses[i]);
    EXPECT_DOUBLE_EQ(rate.at(1), test.at("rates").at(i)) << i;
  }
}

TEST(LearningRate, RisesInEqualStepsAndStays) {
  const LearningRate rate(0.8, schedule(4, 0));
  EXPECT_DOUBLE_EQ(rate.at(1), 0.2);
  EXPECT_DOUBLE_EQ(rate.at(2), 0.4);
  EXPECT_DOUBLE_EQ(rate.at(3), 0.6);
  EXPECT_DOUBLE_EQ(rate.at(4), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(1'000'000), 0.8);
}

TEST(LearningRate, HasNoJumpWhereWarmUpGoesBeyondTheInverseSquareRoot) {
  const LearningRate rate(0.8, schedule(4000, 1000));
  EXPECT_DOUBLE_EQ(rate.at(4000), 0.4);
  EXPECT_NEAR(rate.at(3999), rate.at(4000), 1e-4);
  EXPECT_DOUBLE_EQ(rate.at(500), 0.1);
}

TEST(LearningRate, StaysAtTheMinimumBehindTheCosine) {
  auto options = schedule(5, 0, 0.125);
  options.cosine_steps = 30;
  const LearningRate rate(0.75, options);
  EXPECT_DOUBLE_EQ(rate.at(30), 0.125);
  EXPECT_DOUBLE_EQ(rate.at(31), 0.125);
  EXPECT_DOUBLE_EQ(rate.at(1000), 0.125);
}

TEST(LearningRate, IsMultipliedAtEveryPlateauAlsoWhileItRises) {
  LearningRate rate(0.8, schedule(4, 16));
  rate.validated(false);
  rate.validated(true);
  rate.validated(false);
  EXPECT_DOUBLE_EQ(rate.at(2), 0.1);
  EXPECT_DOUBLE_EQ(rate.at(64), 0.1);
  LearningRate restored(0.8, schedule(4, 16));
  restored.restore(rate.state());
  EXPECT_DOUBLE_EQ(restored.at(64), 0.1);
  EXPECT_EQ(restored.state(), rate.state());
}

TEST(LearningRate, RemembersHowLongItHasStalled) {
  auto options = schedule(0, 0);
  options.plateau_patience = 2;
  LearningRate rate(0.8, options), restored(0.8, options);
  rate.validated(false);
  restored.restore(rate.state());
  restored.validated(false);
  EXPECT_DOUBLE_EQ(restored.at(1), 0.4);
}

TEST(LearningRate, NeverFallsWithoutPatience) {
  auto options = schedule(0, 0);
  options.plateau_patience = 0;
  LearningRate rate(0.8, options);
  for (int i = 0; i < 10; ++i) rate.validated(false);
  EXPECT_DOUBLE_EQ(rate.at(1), 0.8);
}

TEST(LearningRate, DoesNotFallBelowTheMinimumOnceWarm) {
  LearningRate rate(0.8, schedule(4, 16, 0.3));
  EXPECT_DOUBLE_EQ(rate.at(1), 0.2);
  EXPECT_DOUBLE_EQ(rate.at(64), 0.4);
  EXPECT_DOUBLE_EQ(rate.at(1600), 0.3);
  for (int i = 0; i < 10; ++i) rate.validated(false);
  EXPECT_DOUBLE_EQ(rate.at(4), 0.3);
}

}  // namespace
}  // namespace weft
