// weft train is interrupted and goes on, as if nothing had happened.

#include <gmock/gmock.h>

#include <csignal>
#include <filesystem>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Resume : public testing::Test {
 protected:
  /// The command that trained reversal_model(), into another directory.
  std::vector<std::string> command(const std::vector<std::string>& settings = {}) const {
    std::vector<std::string> arguments{"train", "-c", reversal_task().config(), "-m", model()};
    for (const auto& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    return arguments;
  }
  std::string model() const { return directory_.path("model"); }
  std::string metrics() const {
    const auto path = model() + "/metrics.jsonl";
    return fs::exists(path) ? file_text(path) : "";
  }
  bool has_checkpoint() const { return fs::exists(model() + "/training/checkpoint.safetensors"); }
  void expect_the_uninterrupted_weights() const {
    EXPECT_TRUE(file_text(model() + "/weights.safetensors") ==
                file_text(reversal_model() + "/weights.safetensors"));
  }

  TemporaryDirectory directory_;
};

TEST_F(Resume, AfterATermination) {
  RunningProgram training(weft_command(command()));
  ASSERT_TRUE(wait_until([&] { return metrics().find("validation") != std::string::npos; }));
  training.send(SIGTERM);
  const auto stopped = training.wait();
  EXPECT_EQ(stopped.status, 128 + SIGTERM) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("interrupted"));
  EXPECT_TRUE(has_checkpoint());

  const auto rest = run_weft(command());
  EXPECT_EQ(rest.status, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("resuming after"));
  EXPECT_THAT(metrics(), HasSubstr("\"event\":\"resume\""));
  expect_the_uninterrupted_weights();
}

TEST_F(Resume, AfterAnInterruptionFromTheKeyboard) {
  RunningProgram training(weft_command(command()));
  ASSERT_TRUE(wait_until([&] { return !metrics().empty(); }));
  training.send(SIGINT);
  EXPECT_EQ(training.wait().status, 128 + SIGINT);
  EXPECT_TRUE(has_checkpoint());
}

TEST_F(Resume, AfterAKill) {
  RunningProgram training(weft_command(command({"training.checkpoint_every=7u"})));
  ASSERT_TRUE(wait_until([&] { return has_checkpoint(); }));
  training.send(SIGKILL);
  EXPECT_EQ(training.wait().status, 128 + SIGKILL);

  const auto rest = run_weft(command({"training.checkpoint_every=7u"}));
  EXPECT_EQ(rest.status, 0) << rest.err;
  expect_the_uninterrupted_weights();
}

TEST_F(Resume, AfterAKillBeforeTheFirstCheckpoint) {
  RunningProgram training(weft_command(command()));
  ASSERT_TRUE(wait_until([&] { return fs::exists(model() + "/config.yaml"); }));
  training.send(SIGKILL);
  training.wait();
  const auto rest = run_weft(command());
  EXPECT_EQ(rest.status, 0) << rest.err;
  expect_the_uninterrupted_weights();
}

TEST_F(Resume, ForLongerThanAtFirst) {
  ASSERT_EQ(run_weft(command({"training.stop_after=3e"})).status, 0);
  const auto rest = run_weft(command());
  EXPECT_EQ(rest.status, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("epoch 4"));
  expect_the_uninterrupted_weights();
}

TEST_F(Resume, SaysThatARunIsComplete) {
  fs::copy(reversal_model(), model(), fs::copy_options::recursive);
  const auto again = run_weft(command());
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("training.stop_after is reached"));
  EXPECT_THAT(again.err, Not(HasSubstr("perplexity")));  // no validation is made again
  expect_the_uninterrupted_weights();
}

TEST_F(Resume, NotWithAnotherModelOrOtherData) {
  fs::copy(reversal_model(), model(), fs::copy_options::recursive);
  const auto held = "; give the same config to resume it, or another directory with -m";
  const auto line = [&](const std::string& key) {
    return model() + ": holds a run with another value of '" + key + "'" + held;
  };
  EXPECT_EQ(run_weft(command({"model.decoder.cell=lstm", "training.seed=3"})),
            refusal({line("model.decoder.cell"), line("training.seed")}));
  expect_the_uninterrupted_weights();
}

TEST_F(Resume, NotFromADamagedCheckpoint) {
  fs::copy(reversal_model(), model(), fs::copy_options::recursive);
  const auto checkpoint = model() + "/training/checkpoint.safetensors";
  fs::resize_file(checkpoint, fs::file_size(checkpoint) / 2);
  const auto outcome = run_weft(command());
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, testing::StartsWith(checkpoint + ": is damaged: "));
  EXPECT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
}

}  // namespace
}  // namespace weft::e2e
