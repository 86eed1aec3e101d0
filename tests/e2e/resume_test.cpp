// weft train is interrupted and goes on, as if nothing had happened.

#include <gmock/gmock.h>
#include <sys/stat.h>

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

/// What batch systems and terminals send before they kill.
class ResumeAfterSignal : public Resume, public testing::WithParamInterface<int> {};

INSTANTIATE_TEST_SUITE_P(Signals, ResumeAfterSignal,
                         testing::Values(SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU),
                         [](const auto& tested) { return std::to_string(tested.param); });

TEST_P(ResumeAfterSignal, WithTheCheckpointThatItAskedFor) {
  RunningProgram training(weft_command(command()));
  ASSERT_TRUE(wait_until([&] { return !metrics().empty(); }));
  training.send(GetParam());
  EXPECT_EQ(training.wait().status, 128 + GetParam());
  EXPECT_TRUE(has_checkpoint());
}

TEST_F(Resume, AfterManyTerminationsAtOnce) {
  RunningProgram training(weft_command(command({"training.stop_after=0"})));
  ASSERT_TRUE(wait_until([&] { return !metrics().empty(); }));
  while (training.is_running()) {
    training.send(SIGTERM);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(training.wait().status, 128 + SIGTERM);
  EXPECT_TRUE(has_checkpoint());
}

TEST_F(Resume, NotNeededWhereASignalWasIgnoredFromTheStart) {
  // As after nohup, and as a shell does with a background job and the keyboard's interrupt.
  auto start = weft_command(command());
  start.arguments.insert(start.arguments.begin(),
                         {"/bin/bash", "-c", "trap '' INT HUP; exec \"$@\"", "bash"});
  RunningProgram training(start);
  ASSERT_TRUE(wait_until([&] { return !metrics().empty(); }));
  training.send(SIGINT);
  training.send(SIGHUP);
  const auto outcome = training.wait();
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("training.stop_after is reached"));
}

TEST_F(Resume, BeginsAnewAfterAnInterruptionBeforeTheFirstUpdate) {
  // While files are read, nothing is worth waiting for.
  ASSERT_EQ(::mkfifo(directory_.path("pipe").c_str(), 0600), 0);
  auto waiting = command({"model.embedding.source_vectors=" + directory_.path("pipe")});
  RunningProgram training(weft_command(waiting));
  std::this_thread::sleep_for(std::chrono::milliseconds(1000));
  training.send(SIGINT);
  EXPECT_EQ(training.wait().status, 128 + SIGINT);
  EXPECT_FALSE(has_checkpoint());
}

TEST_F(Resume, AfterATerminationInALongValidation) {
  std::string text;  // which takes minutes to translate with a beam as wide
  for (int i = 0; i < 20000; ++i) text += "a b c d e f\n";
  write_text(directory_.path("long"), text);
  const auto start =
      command({"data.valid_source=" + directory_.path("long"),
               "data.valid_target=" + directory_.path("long"), "training.validation.every=1u",
               "training.validation.beam_size=100", "training.log_every=1u"});
  RunningProgram training(weft_command(start));
  ASSERT_TRUE(wait_until([&] { return !metrics().empty(); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  training.send(SIGTERM);
  const auto stopped = training.wait();
  EXPECT_EQ(stopped.status, 128 + SIGTERM) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("interrupted; the same command goes on from here"));
  EXPECT_THAT(metrics(), Not(HasSubstr("\"event\":\"validation\"")));
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

TEST_F(Resume, AfterAKillBetweenTheFirstBestModelAndTheFirstCheckpoint) {
  const std::vector<std::string> rarely{"training.checkpoint_every=0"};
  RunningProgram training(weft_command(command(rarely)));
  ASSERT_TRUE(wait_until([&] { return fs::exists(model() + "/weights.safetensors"); }));
  training.send(SIGKILL);
  training.wait();
  const auto rest = run_weft(command(rarely));
  EXPECT_EQ(rest.status, 0) << rest.err;
  expect_the_uninterrupted_weights();
}

TEST_F(Resume, OnTextThatHasMovedAndBeenCompressed) {
  ASSERT_EQ(run_weft(command({"training.stop_after=3e"})).status, 0);
  const auto moved = run_shell(
      "mkdir moved && for f in train.src train.trg valid.src valid.trg; do "
      "gzip -c " +
          reversal_task().directory + "/$f >moved/$f.gz; done",
      directory_.path(""));
  ASSERT_EQ(moved.status, 0) << moved.err;
  auto start = weft_command(command(
      {"data.train_source=[./moved/train.src.gz]", "data.train_target=[moved/train.trg.gz]",
       "data.valid_source=[moved/valid.src.gz]", "data.valid_target=[moved/valid.trg.gz]"}));
  start.directory = directory_.path("");
  const auto rest = run(start);
  EXPECT_EQ(rest.status, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("resuming after"));
  expect_the_uninterrupted_weights();
}

TEST_F(Resume, NotBesideARunInTheSameDirectory) {
  RunningProgram training(weft_command(command({"training.stop_after=0"})));
  ASSERT_TRUE(wait_until([&] { return !metrics().empty(); }));
  const auto second = run_weft(command());
  EXPECT_EQ(second.status, 2);
  EXPECT_THAT(second.err, testing::StartsWith(model() + ": is in use: process "));
  EXPECT_EQ(lines_of(second.err).size(), 1u) << second.err;
  training.send(SIGTERM);
  training.wait();
  EXPECT_EQ(run_weft(command()).status, 0);
  expect_the_uninterrupted_weights();
}

TEST_F(Resume, AfterADiskThatRefused) {
  ASSERT_EQ(run_weft(command({"training.stop_after=3e"})).status, 0);
  const auto checkpoint = file_text(model() + "/training/checkpoint.safetensors");
  auto start = weft_command(command({"training.checkpoint_every=5u"}));
  start.arguments.insert(start.arguments.begin(),
                         {"/bin/bash", "-c", "ulimit -f 60; exec \"$@\"", "bash"});
  const auto refused = run(start);
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("cannot be written (File too large)"));
  EXPECT_TRUE(file_text(model() + "/training/checkpoint.safetensors") == checkpoint);
  for (const auto& entry : fs::recursive_directory_iterator(model()))
    EXPECT_THAT(entry.path().string(), Not(HasSubstr(".tmp-")));
  EXPECT_EQ(run_weft(command()).status, 0);
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
