#include "train/learning_rate.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

ScheduleOptions schedule(int64_t warmup, int64_t inverse_sqrt, double minimum = 0) {
  ScheduleOptions options;
  options.warmup_steps = warmup;
  options.inverse_sqrt_steps = inverse_sqrt;
  options.plateau_factor = 0.5;
  options.minimum_rate = minimum;
  return options;
}

TEST(LearningRate, RisesInEqualStepsAndStays) {
  const LearningRate rate(0.8, schedule(4, 0));
  EXPECT_DOUBLE_EQ(rate.at(1), 0.2);
  EXPECT_DOUBLE_EQ(rate.at(2), 0.4);
  EXPECT_DOUBLE_EQ(rate.at(3), 0.6);
  EXPECT_DOUBLE_EQ(rate.at(4), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(1'000'000), 0.8);
}

TEST(LearningRate, IsThePeakFromTheStartWithoutWarmup) {
  EXPECT_DOUBLE_EQ(LearningRate(0.8, schedule(0, 0)).at(1), 0.8);
}

TEST(LearningRate, FallsAsTheInverseSquareRoot) {
  const LearningRate rate(0.8, schedule(4, 16));
  EXPECT_DOUBLE_EQ(rate.at(2), 0.4);
  EXPECT_DOUBLE_EQ(rate.at(16), 0.8);
  EXPECT_DOUBLE_EQ(rate.at(64), 0.4);
  EXPECT_DOUBLE_EQ(rate.at(1600), 0.08);
}

TEST(LearningRate, IsMultipliedAtEveryPlateauAlsoWhileItRises) {
  LearningRate rate(0.8, schedule(4, 16));
  rate.decay();
  rate.decay();
  EXPECT_DOUBLE_EQ(rate.scale(), 0.25);
  EXPECT_DOUBLE_EQ(rate.at(2), 0.1);
  EXPECT_DOUBLE_EQ(rate.at(64), 0.1);
  LearningRate restored(0.8, schedule(4, 16));
  restored.set_scale(0.25);
  EXPECT_DOUBLE_EQ(restored.at(64), 0.1);
}

TEST(LearningRate, DoesNotFallBelowTheMinimumOnceWarm) {
  LearningRate rate(0.8, schedule(4, 16, 0.3));
  EXPECT_DOUBLE_EQ(rate.at(1), 0.2);
  EXPECT_DOUBLE_EQ(rate.at(64), 0.4);
  EXPECT_DOUBLE_EQ(rate.at(1600), 0.3);
  for (int i = 0; i < 10; ++i) rate.decay();
  EXPECT_DOUBLE_EQ(rate.at(4), 0.3);
}

}  // namespace
}  // namespace weft
