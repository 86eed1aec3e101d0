#include "train/training_run.h"

#include <gmock/gmock.h>
#include <torch/types.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/dump.h"
#include "model/model_directory.h"
#include "ops/precision.h"
#include "search/ensemble.h"
#include "search/translator.h"
#include "train/copy_task.h"
#include "train/training_task.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

TEST(Training, LearnsToCopySentencesItHasNotSeen) {
  CopyTask task(600);
  task.config.model.encoder.hidden = task.config.model.decoder.hidden = 32;
  task.config.model.dropout = {0, 0, 0, 0, 0};
  task.config.training.batch_tokens = 200;
  task.config.training.stop_after = {400, Period::Unit::kUpdates};
  task.config.training.validation.every = {100, Period::Unit::kUpdates};
  EXPECT_EQ(task.train("model"), TrainingEnd::kStopAfter);

  const auto stored = load_model(task.path("model"));
  TranslatorOptions options;
  options.decoding = stored.config.decoding;
  Translator translator(std::make_shared<Ensemble>(std::vector{stored.model}), stored.vocabularies,
                        options);
  std::vector<std::string> lines;
  std::istringstream unseen(copy_lines(50, 3));
  for (std::string line; std::getline(unseen, line);) lines.push_back(line);
  const auto translations = translator.translate(lines);
  int copied = 0;
  for (std::size_t i = 0; i < lines.size(); ++i)
    copied += translations[i].n_best[0].text == lines[i];
  EXPECT_GE(copied, 45);

  const auto validations = task.events("model", "validation");
  ASSERT_EQ(validations.size(), 4);
  EXPECT_GT(validations.back().at("bleu"), 80);
  EXPECT_LT(validations.back().at("loss"), validations.front().at("loss"));
}

TEST(Training, MinimumRiskLowersTheCostOfTheModelsOwnTranslations) {
  CopyTask task(200);
  task.remove_validation();
  task.config.model.dropout = {0, 0, 0, 0, 0};
  task.config.training.stop_after = {150, Period::Unit::kUpdates};
  EXPECT_EQ(task.train("begin"), TrainingEnd::kStopAfter);
  task.config.training.from = task.path("begin");
  task.config.training.minimum_risk = {
      .weight = 1, .count = 8, .reference = false, .sharpness = 0.1, .metric = RiskMetric::kChrf};
  task.config.training.stop_after = {100, Period::Unit::kUpdates};
  task.config.training.log_every = {20, Period::Unit::kUpdates};
  EXPECT_EQ(task.train("risk"), TrainingEnd::kStopAfter);
  const auto updates = task.events("risk", "update");
  ASSERT_EQ(updates.size(), 5U);
  EXPECT_LT(updates.front().at("risk"), 1);
  EXPECT_LT(updates.back().at("risk").get<double>(),
            0.7 * updates.front().at("risk").get<double>());
}

struct End {
  const char* name;
  Period stop_after;
  int64_t updates, epochs;
};

class StopAfterTest : public ::testing::TestWithParam<End> {};

INSTANTIATE_TEST_SUITE_P(
    Units, StopAfterTest,
    ::testing::Values(End{"Updates", {7, Period::Unit::kUpdates}, 7, -1},
                      End{"Epochs", {2, Period::Unit::kEpochs}, -1, 2},
                      End{"Tokens", {500, Period::Unit::kTargetTokens}, -1, -1}),
    [](const auto& tested) { return tested.param.name; });

TEST_P(StopAfterTest, EndsWhenThePeriodIsOver) {
  CopyTask task;
  task.config.training.stop_after = GetParam().stop_after;
  EXPECT_EQ(task.train("run"), TrainingEnd::kStopAfter);
  const auto progress = task.checkpoint("run").progress;
  if (GetParam().updates >= 0) {
    EXPECT_EQ(progress.updates, GetParam().updates);
  }
  if (GetParam().epochs >= 0) {
    EXPECT_EQ(progress.position, (DataPosition{GetParam().epochs, 0}));
    EXPECT_EQ(progress.sentences, 60 * GetParam().epochs);
  }
  if (GetParam().stop_after.unit == Period::Unit::kTargetTokens) {
    EXPECT_GE(progress.target_tokens, 500);
    EXPECT_LT(progress.target_tokens, 500 + task.config.training.batch_tokens);
  }
}

TEST(Training, EndsWhenValidationHasStalledForLongEnough) {
  CopyTask task;
  auto& training = task.config.training;
  training.optimizer.learning_rate = 1e-7;  // BLEU stays what it is
  training.schedule.minimum_rate = 0;
  training.schedule.plateau_patience = 2;
  training.schedule.plateau_factor = 0.5;
  training.validation.metric = ValidationMetric::kBleu;
  training.validation.every = {1, Period::Unit::kUpdates};
  training.validation.patience = 5;
  training.stop_after = {100, Period::Unit::kUpdates};
  EXPECT_EQ(task.train("run"), TrainingEnd::kPatience);
  const auto progress = task.checkpoint("run").progress;
  EXPECT_EQ(progress.validations, 6);  // the first is the best, then five that are not better
  EXPECT_EQ(progress.updates, 6);
  EXPECT_EQ(progress.stalled, 5);
  const ScheduleState expected{{"plateau_scale", 0.25}, {"plateau_stalled", 1}};
  EXPECT_EQ(task.checkpoint("run").schedule, expected);  // after the third and the fifth
  EXPECT_EQ(task.weights("run").metadata.at("updates"), "1");
}

TEST(Training, EndsAtTheTimeLimitAndKeepsWhatItHas) {
  CopyTask task;
  task.config.training.time_limit_seconds = 1e-9;
  EXPECT_EQ(task.train("run"), TrainingEnd::kTimeLimit);
  EXPECT_EQ(task.checkpoint("run").progress.updates, 1);
  const auto progress = task.checkpoint("run").progress;
  EXPECT_GT(progress.seconds, 0);
  EXPECT_GT(progress.wall_seconds, progress.seconds) << "reading the text counts as well";
}

TEST(Training, StopsAfterTheUpdateUnderWayWhenAsked) {
  CopyTask task;
  EXPECT_EQ(task.train("run", [] { return true; }), TrainingEnd::kInterrupted);
  EXPECT_EQ(task.checkpoint("run").progress.updates, 1);
}

TEST(Training, SavesTheModelThatValidationFoundBest) {
  CopyTask task;
  task.config.training.optimizer.learning_rate = 0.5;  // goes astray
  task.config.training.schedule.warmup_steps = 30;
  task.config.training.schedule.plateau_patience = 0;
  task.config.training.validation.every = {3, Period::Unit::kUpdates};
  task.config.training.validation.patience = 0;
  task.config.training.stop_after = {30, Period::Unit::kUpdates};
  task.train("run");
  const auto validations = task.events("run", "validation");
  ASSERT_EQ(validations.size(), 10);
  double best = std::numeric_limits<double>::infinity();
  int64_t updates = 0;
  for (const auto& event : validations) {
    if (event.at("loss") >= best) continue;
    best = event.at("loss");
    updates = event.at("updates");
  }
  EXPECT_LT(updates, 30);  // or the test shows nothing
  EXPECT_EQ(task.weights("run").metadata.at("updates"), std::to_string(updates));
  EXPECT_DOUBLE_EQ(task.checkpoint("run").progress.best.value(), best);
}

TEST(Training, SavesTheAverageWithAndWithoutValidation) {
  CopyTask task;
  task.config.training.validation.every = {12, Period::Unit::kUpdates};  // at the very end
  task.train("validated");
  task.remove_validation();
  task.train("unvalidated");
  for (const char* name : {"validated", "unvalidated"}) {
    const auto checkpoint = task.checkpoint(name);
    for (const auto& [parameter, tensor] : task.weights(name).tensors) {
      EXPECT_TRUE(torch::equal(tensor, checkpoint.tensors.at("average." + parameter))) << parameter;
      EXPECT_FALSE(torch::equal(tensor, checkpoint.tensors.at("weight." + parameter))) << parameter;
    }
  }
}

TEST(Training, SavesTheLastWeightsWithoutAnAverage) {
  CopyTask task;
  task.config.training.exponential_smoothing = 0;
  task.remove_validation();
  task.train("run");
  const auto checkpoint = task.checkpoint("run");
  for (const auto& [parameter, tensor] : task.weights("run").tensors)
    EXPECT_TRUE(torch::equal(tensor, checkpoint.tensors.at("weight." + parameter))) << parameter;
}

TEST(Training, IsTheSameForTheSameSeedAndAnotherForAnother) {
  CopyTask task;
  task.train("a");
  task.train("b");
  task.config.training.seed = 2;
  task.train("c");
  const auto bias = [&](const std::string& name) {
    return task.checkpoint(name).tensors.at("weight.output_bias");
  };
  EXPECT_TRUE(torch::equal(bias("a"), bias("b")));
  EXPECT_FALSE(torch::equal(bias("a"), bias("c")));
}

TEST(Training, ReportsInTheMetricsFile) {
  CopyTask task;
  task.train("run", after(5));
  task.train("run");
  const auto updates = task.events("run", "update");
  ASSERT_EQ(updates.size(), 6);  // every second of twelve
  for (std::size_t i = 0; i < updates.size(); ++i) {
    EXPECT_EQ(updates[i].at("updates"), 2 * (i + 1));
    EXPECT_GT(updates[i].at("loss"), 0);
    EXPECT_LT(updates[i].at("loss"), 5);  // log 12 = 2.5 for a model that knows nothing
  }
  EXPECT_DOUBLE_EQ(updates[0].at("learning_rate"), 0.01 * 2 / 5);  // in its warmup of 5
  EXPECT_DOUBLE_EQ(updates[5].at("learning_rate"), 0.01);
  EXPECT_EQ(task.events("run", "resume").size(), 1);
  EXPECT_EQ(static_cast<int64_t>(task.events("run", "validation").size()),
            task.checkpoint("run").progress.validations + 1);  // that of the end
}

TEST(Training, LogsIntoAFileWhateverStderrKeeps) {
  CopyTask task;  // which logs nothing to stderr
  task.train("run", after(4));
  task.train("run");
  const auto log = task.directory().read("run/training/log.txt");
  for (const char* text : {"training data: 60 pairs", "model: ", "Up. 2 : ", "validation 1 : Up. ",
                           "resuming after 4 updates", "Up. 12 : ", "the last model is the best",
                           "training ends: training.stop_after is reached. Model: "})
    EXPECT_THAT(log, HasSubstr(text));
}

TEST(Training, TakesNoNumberThatIsNoneForTheBest) {
  CopyTask task;
  task.config.training.optimizer.learning_rate = 3e38;  // sums of two weights overflow
  task.config.training.optimizer.clip_norm = 0;
  task.config.training.schedule.warmup_steps = 0;
  task.config.training.validation.every = {1, Period::Unit::kUpdates};
  task.config.training.validation.patience = 3;
  for (const auto metric : {ValidationMetric::kLoss, ValidationMetric::kBleu}) {
    task.config.training.validation.metric = metric;
    const auto name = std::to_string(static_cast<int>(metric));
    EXPECT_EQ(task.train(name), TrainingEnd::kPatience);
    EXPECT_FALSE(task.checkpoint(name).progress.best.has_value());
    EXPECT_FALSE(std::filesystem::exists(task.path(name + "/weights.safetensors")));
    EXPECT_TRUE(task.events(name, "validation").at(0).at("loss").is_null());
    EXPECT_THAT(task.directory().read(name + "/training/log.txt"),
                ::testing::AllOf(HasSubstr("has diverged"), HasSubstr("there is no model")));
  }
}

TEST(Training, KeepsTheBestModelOfARunThatDiverges) {
  for (const bool validates : {true, false}) {
    CopyTask task;
    if (!validates) task.remove_validation();
    task.config.training.non_finite.limit = 0;
    task.config.training.stop_after = {6, Period::Unit::kUpdates};
    task.train("run");
    const auto before = task.weights("run");
    auto checkpoint = task.checkpoint("run");
    for (const char* name : {"weight.output_bias", "average.output_bias"}) {
      auto& bias = checkpoint.tensors.at(name);
      bias = torch::full_like(bias, std::nan(""));
    }
    write_checkpoint(task.checkpoint_path("run"), checkpoint);
    task.config.training.stop_after = {30, Period::Unit::kUpdates};
    task.train("run");
    EXPECT_GT(task.checkpoint("run").progress.skipped, 0);
    for (const auto& [name, tensor] : task.weights("run").tensors)
      EXPECT_TRUE(tensor.isfinite().all().item<bool>()) << name;
    if (!validates) {
      EXPECT_EQ(task.weights("run").metadata, before.metadata);
    }
  }
}

TEST(Training, LeavesNoTemporaryFilesBehind) {
  CopyTask task;
  std::filesystem::create_directory(task.path("scratch"));
  const auto names = [&](const std::string& directory) {
    std::set<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(task.path(directory)))
      found.insert(entry.path().filename());
    return found;
  };
  const auto while_training = [&] {
    EXPECT_THAT(names("scratch"), ::testing::IsEmpty());
    return true;
  };
  task.train("run", while_training);
  task.config.data.tempdir = task.path("scratch");
  task.train("run", while_training);
  EXPECT_THAT(names("run"),
              ::testing::IsSubsetOf({"README", "config.yaml", "metrics.jsonl", "source.words",
                                     "target.words", "training", "weights.safetensors"}));
}

TEST(Training, KeepsTheConfigItRanWith) {
  CopyTask task;
  task.train("run", after(1));
  task.config.training.precision = resolved(task.config.training.precision);
  EXPECT_EQ(dump_config(read_model_config(task.path("run"))), dump_config(task.config));
  EXPECT_EQ(task.checkpoint("run").config, dump_config(task.config));
}

// A person may edit what lies in the directory while training goes on.
TEST(Training, DoesNotReadItsOwnConfigAgain) {
  CopyTask task;
  task.config.model.embedding.factors = {2};
  for (const char* name : {"train.src", "valid.src"}) {
    std::string factored;
    for (const char c : task.directory().read(name))
      factored += (c == ' ' || c == '\n' ? "|x" : "") + std::string(1, c);
    task.directory().write(name, factored);
  }
  const auto edit = [&] {
    task.directory().write("run/config.yaml", "model: {encoder: {hiden: 3}}\n");
    return false;
  };
  EXPECT_EQ(task.train("run", edit), TrainingEnd::kStopAfter);
  EXPECT_GT(task.weights("run").tensors.size(), 0);
}

// A file that is mapped into memory stays on the disk, and in memory, after another has taken its
// name.
TEST(Training, LetsGoOfTheCheckpointItResumedFrom) {
  CopyTask task;
  task.train("run", after(2));
  std::string maps;
  const auto look = [&] {
    std::ostringstream text;
    text << std::ifstream("/proc/self/maps").rdbuf();
    maps = text.str();
    return true;
  };
  EXPECT_EQ(task.train("run", look), TrainingEnd::kInterrupted);
  EXPECT_THAT(maps, HasSubstr("train_test"));
  EXPECT_THAT(maps, ::testing::Not(HasSubstr("checkpoint.safetensors")));
}

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size());
  return name.data();
}

class TrainingErrorTest : public ::testing::Test {
 protected:
  std::string complaint() const {
    try {
      task_.train("run");
    } catch (const UserError& error) {
      return error.what();
    }
    return "no complaint";
  }

  CopyTask task_;
};

TEST_F(TrainingErrorTest, TextsOfUnequalLength) {
  task_.directory().write("train.trg", "a\n");
  EXPECT_THAT(complaint(), HasSubstr("train.trg"));
}

TEST_F(TrainingErrorTest, ATextThatIsNotThere) {
  task_.config.data.valid_source = {task_.path("absent")};
  EXPECT_THAT(complaint(), HasSubstr("absent"));
}

TEST_F(TrainingErrorTest, ATempdirThatIsNotThereBesideWhateverElseIsWrong) {
  task_.config.data.valid_source = {task_.path("absent")};
  task_.config.data.tempdir = task_.path("nowhere");
  EXPECT_THAT(complaint(), HasSubstr("absent: cannot be opened"));
  EXPECT_THAT(complaint(), HasSubstr("nowhere: a temporary file cannot be made here"));
}

TEST_F(TrainingErrorTest, NoPairLeftToLearnFrom) {
  task_.config.data.max_length = 1;
  task_.directory().write("train.src", "a b\n");
  task_.directory().write("train.trg", "a b\n");
  EXPECT_THAT(complaint(), HasSubstr("no sentence pair"));
}

TEST_F(TrainingErrorTest, TextThatChangedWhileTrainingStoodStill) {
  task_.train("run", after(2));
  const auto text = copy_lines(60, 3);  // as many lines as before
  task_.directory().write("train.src", text);
  task_.directory().write("train.trg", text);
  EXPECT_THAT(complaint(), HasSubstr("other training data"));
}

TEST_F(TrainingErrorTest, IsInTheLogOfTheRunThatItEnds) {
  task_.train("run", after(2));
  const auto text = copy_lines(60, 3);
  task_.directory().write("train.src", text);
  task_.directory().write("train.trg", text);
  const auto told = complaint();
  const auto log = task_.directory().read("run/training/log.txt");
  EXPECT_THAT(log, ::testing::EndsWith("] training ends: " + told + "\n"));
}

TEST_F(TrainingErrorTest, AFinishedModelIsNotOverwritten) {
  task_.train("run");
  const auto before = task_.directory().read("run/weights.safetensors");
  std::filesystem::remove_all(task_.path("run/training"));
  task_.config.training.seed = 9;
  EXPECT_THAT(complaint(), HasSubstr("holds a model, but no training state"));
  EXPECT_EQ(task_.directory().read("run/weights.safetensors"), before);
}

TEST_F(TrainingErrorTest, AModelThatAnUnfinishedRunOfAnotherConfigLeft) {
  task_.train("run");
  std::filesystem::remove(task_.checkpoint_path("run"));
  task_.config.training.seed = 9;
  EXPECT_THAT(complaint(), HasSubstr("another value of 'training.seed'"));
  task_.config.training.seed = 1;
  EXPECT_EQ(complaint(), "no complaint") << "the same run begins anew";
}

TEST_F(TrainingErrorTest, ADirectoryOfOtherFiles) {
  std::filesystem::create_directory(task_.path("run"));
  task_.directory().write("run/config.yaml", "# my own\n");
  task_.directory().write("run/source.words", "mine\n");
  task_.directory().write("run/.hidden", "");
  EXPECT_EQ(complaint(), task_.path("run") +
                             ": holds files that Weft has not written (config.yaml, source.words); "
                             "expected a new or empty directory, or one of an earlier run");
  EXPECT_EQ(task_.directory().read("run/config.yaml"), "# my own\n");
  EXPECT_EQ(task_.directory().read("run/source.words"), "mine\n");
  EXPECT_FALSE(std::filesystem::exists(task_.path("run/training")));
  std::filesystem::remove(task_.path("run/config.yaml"));
  std::filesystem::remove(task_.path("run/source.words"));
  EXPECT_EQ(complaint(), "no complaint");
}

TEST_F(TrainingErrorTest, ADirectoryThatAnotherRunUses) {
  {
    const RunDirectory other(task_.path("run"));
    EXPECT_EQ(complaint(),
              task_.path("run") + ": is in use: process " + std::to_string(::getpid()) + " on " +
                  host_name() +
                  " trains there; wait for its end, or give another directory with -m");
  }
  EXPECT_EQ(complaint(), "no complaint");
}

TEST_F(TrainingErrorTest, ADirectoryThatCannotBeMade) {
  task_.directory().write("run", "a file");
  EXPECT_THAT(complaint(), HasSubstr("run"));
}

}  // namespace
}  // namespace weft
