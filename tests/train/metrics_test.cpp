// Several metrics, and those that a person's command computes.

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <optional>
#include <string>

#include "base/cancelled.h"
#include "base/shell_command.h"
#include "base/stopwatch.h"
#include "model/model_directory.h"
#include "train/copy_task.h"
#include "train/metric_progress.h"
#include "train/stop_policy.h"
#include "train/validation_command.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

TrainingProgress stalled(int64_t deciding, std::vector<int64_t> more) {
  TrainingProgress progress;
  progress.stalled = deciding;
  for (const int64_t count : more) progress.more.push_back({.best = 1, .stalled = count});
  return progress;
}

TEST(Metrics, StopOnTheFirstAnyOrAll) {
  ValidationOptions options;
  options.patience = 3;
  options.more_metrics = {ValidationMetric::kChrf, ValidationMetric::kLoss};
  options.more_patience = {2, 0};
  options.stop_on = StopOn::kFirst;
  EXPECT_FALSE(lost_patience(options, stalled(2, {9, 9})));
  EXPECT_TRUE(lost_patience(options, stalled(3, {0, 0})));
  options.stop_on = StopOn::kAny;
  EXPECT_TRUE(lost_patience(options, stalled(0, {2, 0})));
  EXPECT_FALSE(lost_patience(options, stalled(2, {1, 99}))) << "patience 0 never ends";
  options.stop_on = StopOn::kAll;
  EXPECT_FALSE(lost_patience(options, stalled(3, {1, 0})));
  EXPECT_TRUE(lost_patience(options, stalled(3, {2, 0})));
  EXPECT_EQ(describe_lost_patience(options, stalled(3, {2, 9})),
            "no better bleu in 3 validations, no better chrf in 2");
  options.patience = 0;
  options.more_patience = {0, 0};
  EXPECT_FALSE(lost_patience(options, stalled(99, {99, 99})));
}

TEST(Metrics, AMissingValueIsNeitherBestNorStalled) {
  ValidationOptions options;
  MetricProgress progress;
  ValidationResult result;
  const auto count = [&](std::optional<double> value) {
    result.command = value;
    return count_validation(result, ValidationMetric::kCommand, options, 7, progress);
  };
  EXPECT_FALSE(count(std::nullopt));
  EXPECT_EQ(progress.stalled, 0);
  EXPECT_TRUE(count(1.5));
  EXPECT_FALSE(count(1.0));
  EXPECT_FALSE(count(std::nullopt));
  EXPECT_EQ(progress.stalled, 1);
  options.command_minimizes = true;
  EXPECT_TRUE(count(1.0));
  EXPECT_EQ(progress.best_updates, 7);
  result.loss = std::nan("");
  EXPECT_FALSE(count(std::nullopt));
  EXPECT_EQ(progress.stalled, 1) << "a model that is none is not better";
}

TEST(Metrics, TheLastNumberOfAText) {
  EXPECT_EQ(last_number("BLEU = 27.5 60.1/33 (BP = 1.000 ratio = -1.25)\n"), -1.25);
  EXPECT_EQ(last_number("12\nchrF2|v2 = 55.25 %\n\n"), 55.25);
  EXPECT_EQ(last_number("score: +3e1."), 30);
  EXPECT_EQ(last_number("nothing but words, v2 and nan"), std::nullopt);
  EXPECT_EQ(last_number(""), std::nullopt);
}

TEST(Metrics, ACommandReadsTheTranslations) {
  EXPECT_EQ(command_metric("wc -l", {"a b", "c"}, {}), 2);
  EXPECT_EQ(command_metric("echo 3; exit 4", {}, {}), std::nullopt);
  EXPECT_EQ(command_metric("kill -9 $$", {}, {}), std::nullopt);
  EXPECT_EQ(command_metric("echo words", {}, {}), std::nullopt);
  EXPECT_EQ(command_metric("/no/such/program 2> /dev/null", {}, {}), std::nullopt);
  EXPECT_EQ(
      command_metric("exec < /dev/null; echo 1", std::vector<std::string>(100'000, "line"), {}), 1);
}

TEST(Metrics, ACommandIsKilledWhenValidationIsGivenUp) {
  int questions = 0;
  EXPECT_THROW(run_shell("sleep 1000 & sleep 1000", "", [&] { return ++questions > 2; }),
               Cancelled);
  EXPECT_EQ(run_shell("sleep 1000 & echo 1", "").text, "1\n") << "not waited for";
}

TEST(Metrics, KeepTheBestModelOfEach) {
  CopyTask task;
  auto& validation = task.config.training.validation;
  validation.every = {3, Period::Unit::kUpdates};
  validation.more_metrics = {ValidationMetric::kChrf, ValidationMetric::kCommand};
  validation.command = "wc -l | sed 's/$/ lines/'; echo 7 >&2; echo \"the end: 3\"";
  validation.samples = 1;
  validation.sample_matrices = true;
  task.train("run");
  const auto validations = task.events("run", "validation");
  ASSERT_GE(validations.size(), 3U);
  EXPECT_EQ(validations[0].at("command"), 3);
  for (const char* metric : {"chrf", "command"}) {
    const auto model = load_model(task.path(std::string("run/best/") + metric));
    EXPECT_TRUE(model.model->has_attention());
  }
  const auto progress = task.checkpoint("run").progress;
  ASSERT_EQ(progress.more.size(), 2U);
  EXPECT_EQ(progress.more[1].best_updates, 3) << "the first of equal values";
  EXPECT_EQ(task.weights("run/best/command").metadata.at("updates"), "3");
  const auto log = task.directory().read("run/training/log.txt");
  EXPECT_THAT(log, HasSubstr("best chrf"));
  EXPECT_THAT(log, HasSubstr("│ ")) << "the matrix of the sample";
}

TEST(Metrics, ACommandThatFailsDoesNotEndTheRun) {
  CopyTask task;
  auto& validation = task.config.training.validation;
  validation.metric = ValidationMetric::kCommand;
  validation.patience = 1;
  validation.command = "false";
  EXPECT_EQ(task.train("run"), TrainingEnd::kStopAfter);
  EXPECT_THAT(task.directory().read("run/training/log.txt"),
              ::testing::AllOf(HasSubstr("failed (exit status 1)"),
                               HasSubstr("no value of metric command")));
  EXPECT_FALSE(task.checkpoint("run").progress.best.has_value());
  EXPECT_THAT(task.directory().read("run/training/log.txt"),
              HasSubstr("the last weights are the model"));
  EXPECT_EQ(task.weights("run").metadata.at("updates"), "12");
}

}  // namespace
}  // namespace weft
