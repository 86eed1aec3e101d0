#include "train/stop_policy.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

TrainingProgress at(int64_t updates, int64_t epoch, int64_t target_tokens) {
  TrainingProgress progress;
  progress.updates = updates;
  progress.position.epoch = epoch;
  progress.target_tokens = target_tokens;
  return progress;
}

TEST(IsDue, WhenAPeriodIsCompleted) {
  const Period updates{3, Period::Unit::kUpdates}, epochs{2, Period::Unit::kEpochs},
      tokens{100, Period::Unit::kTargetTokens};
  EXPECT_TRUE(is_due(updates, at(6, 0, 0), {}));
  EXPECT_FALSE(is_due(updates, at(7, 0, 0), {}));
  EXPECT_TRUE(is_due(epochs, at(9, 2, 0), {.epoch = 1}));
  EXPECT_FALSE(is_due(epochs, at(9, 2, 0), {.epoch = 2}));
  EXPECT_FALSE(is_due(epochs, at(9, 3, 0), {.epoch = 2}));
  EXPECT_TRUE(is_due(tokens, at(9, 0, 310), {.target_tokens = 290}));
  EXPECT_FALSE(is_due(tokens, at(9, 0, 390), {.target_tokens = 310}));
  EXPECT_FALSE(is_due(Period{}, at(9, 3, 310), {}));
}

// An update of several batches may see more than one epoch end.
TEST(IsDue, WhenSeveralEpochsEndInOneUpdate) {
  EXPECT_TRUE(is_due({2, Period::Unit::kEpochs}, at(9, 3, 0), {.epoch = 1}));
}

TEST(StopPolicy, KnowsEveryEnd) {
  TrainingOptions options;
  options.stop_after = {10, Period::Unit::kUpdates};
  options.time_limit_seconds = 60;
  options.validation.patience = 3;
  const StopPolicy policy(options);
  auto progress = at(9, 5, 1000);
  EXPECT_EQ(policy.end(progress), std::nullopt);
  progress.wall_seconds = 60;
  EXPECT_EQ(policy.end(progress), TrainingEnd::kTimeLimit);
  progress.stalled = 3;
  EXPECT_EQ(policy.end(progress), TrainingEnd::kPatience);
  progress.updates = 10;
  EXPECT_EQ(policy.end(progress), TrainingEnd::kStopAfter);
}

TEST(StopPolicy, CountsTheClockNotTheUpdates) {
  TrainingOptions options;
  options.time_limit_seconds = 60;
  auto progress = at(9, 5, 1000);
  progress.seconds = 100;
  progress.wall_seconds = 59;
  EXPECT_EQ(StopPolicy(options).end(progress), std::nullopt);
}

TEST(StopPolicy, HasNoLimitAtZero) {
  TrainingOptions options;
  options.stop_after = {};
  options.validation.patience = 0;
  auto progress = at(1L << 40, 1L << 40, 1L << 40);
  progress.stalled = 1000;
  progress.wall_seconds = 1e9;
  EXPECT_EQ(StopPolicy(options).end(progress), std::nullopt);
}

}  // namespace
}  // namespace weft
