// Losses and gradients that are not finite: nothing is lost, and training goes back before it ends.

#include <gmock/gmock.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "train/checkpointer.h"
#include "train/copy_task.h"
#include "train/run_state.h"
#include "train/trainer.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

/// A run that diverges: sums of two weights of its first update overflow.
void make_diverge(Config& config) {
  config.training.optimizer.learning_rate = 3e38;
  config.training.optimizer.clip_norm = 0;
  config.training.schedule.warmup_steps = 0;
  config.training.schedule.minimum_rate = 0;
}

std::string failure_of(const CopyTask& task, const std::string& name) {
  try {
    task.train(name);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(NonFinite, EndsClearlyWithoutACheckpointToGoBackTo) {
  CopyTask task;
  task.remove_validation();
  make_diverge(task.config);
  task.config.training.checkpoint_every = {};
  task.config.training.stop_after = {40, Period::Unit::kUpdates};
  task.config.training.non_finite.limit = 4;
  EXPECT_THAT(failure_of(task, "run"),
              ::testing::AllOf(HasSubstr("training has diverged: 4 updates in a row"),
                               HasSubstr("there is no good checkpoint to go back to"),
                               HasSubstr("training.optimizer.learning_rate")));
  const auto skipped = task.events("run", "skipped");
  ASSERT_EQ(skipped.size(), 4U);
  EXPECT_THAT(skipped[0].at("lines").get<std::string>(),
              ::testing::StartsWith(task.path("train.src") + ":"));
}

/// Skips updates from `first` on until training goes back, as often as `times`, by a weight that is
/// no number meanwhile: what a rate that is too large does, at will.
class Breaker {
 public:
  Breaker(TranslationModel model, int64_t first, int times)
      : bias_(named_parameters(*model).at("output_bias")), first_(first), times_(times) {}
  /// Is asked after every update; never stops training.
  bool operator()(const TrainingProgress& progress) {
    if (progress.returns >= times_ || progress.updates < first_) return false;
    torch::NoGradGuard no_grad;
    bias_.fill_(std::nan(""));
    return false;
  }

 private:
  torch::Tensor bias_;
  int64_t first_;
  int times_;
};

/// A trainer of a task in a directory of its own.
class BrokenRun {
 public:
  BrokenRun(CopyTask& task, const std::string& name)
      : work_(task.config, {task.path("")}),
        directory_(task.path(name)),
        checkpointer_(directory_, work_.vocabularies()),
        model_(work_.new_model()),
        trainer_(task.config,
                 {.model = model_, .corpus = work_.corpus(), .checkpointer = &checkpointer_}) {}
  TrainingEnd run(int64_t first, int times) {
    Breaker breaker(model_, first, times);
    return trainer_.run({[&] { return breaker(trainer_.progress()); }});
  }
  const TrainingProgress& progress() const { return trainer_.progress(); }

 private:
  TrainingTask work_;
  RunDirectory directory_;
  Checkpointer checkpointer_;
  TranslationModel model_;
  Trainer trainer_;
};

class NonFiniteTest : public ::testing::Test {
 protected:
  NonFiniteTest() {
    task_.remove_validation();
    auto& training = task_.config.training;
    training.checkpoint_every = {4, Period::Unit::kUpdates};
    training.stop_after = {20, Period::Unit::kUpdates};
    training.non_finite.limit = 3;
  }
  CopyTask task_;
};

TEST_F(NonFiniteTest, GoesBackToTheLastGoodCheckpointAtASmallerRate) {
  BrokenRun broken(task_, "run");
  EXPECT_EQ(broken.run(9, 1), TrainingEnd::kStopAfter);
  EXPECT_EQ(broken.progress().updates, 20);
  EXPECT_EQ(broken.progress().returns, 1);
  EXPECT_EQ(broken.progress().skipped, 0) << "they are behind the checkpoint";
  const auto back = task_.events("run", "went_back");
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].at("updates"), 8);
  const auto updates = task_.events("run", "update");
  EXPECT_DOUBLE_EQ(updates.back().at("learning_rate"), 0.005);
  EXPECT_EQ(updates.size(), 10U) << "as many as in a run that never went back";
  const auto stored = task_.checkpoint("run");
  EXPECT_TRUE(is_good(stored));
  EXPECT_DOUBLE_EQ(stored.schedule.at("lowered"), 0.5);
  EXPECT_TRUE(std::filesystem::exists(task_.path("run/weights.safetensors")));
}

TEST_F(NonFiniteTest, EndsWhenItHasGoneBackOftenEnough) {
  task_.config.training.non_finite.returns = 2;
  BrokenRun broken(task_, "run");
  try {
    broken.run(9, 100);
    ADD_FAILURE() << "it went on";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("training went back 2 times"));
  }
  EXPECT_EQ(task_.events("run", "went_back").size(), 2U);
  EXPECT_TRUE(is_good(task_.checkpoint("run"))) << "nothing is lost";
  EXPECT_DOUBLE_EQ(task_.checkpoint("run").schedule.at("lowered"), 0.25);
}

TEST_F(NonFiniteTest, AWeightThatIsNoNumberMakesACheckpointBad) {
  task_.train("run", after(4));
  auto checkpoint = task_.checkpoint("run");
  EXPECT_TRUE(is_good(checkpoint));
  auto skipping = checkpoint;
  skipping.progress.skipped_in_row = 1;
  EXPECT_FALSE(is_good(skipping));
  auto& bias = checkpoint.tensors.at("weight.output_bias");
  bias = torch::full_like(bias, std::nan(""));
  EXPECT_FALSE(is_good(checkpoint));
}

}  // namespace
}  // namespace weft
