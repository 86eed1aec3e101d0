// A run that was interrupted ends, number by number, where one that was not ends.

#include <gmock/gmock.h>
#include <torch/types.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/error.h"
#include "kernels/matmul.h"
#include "train/copy_task.h"

namespace weft {
namespace {

/// Bit for bit, but for what kind of NaN it is.
bool same(const torch::Tensor& a, const torch::Tensor& b) {
  return a.sizes() == b.sizes() && a.scalar_type() == b.scalar_type() &&
         a.eq(b).logical_or(a.isnan().logical_and(b.isnan())).all().item<bool>();
}

void expect_same_tensors(const NamedTensors& a, const NamedTensors& b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto& [name, tensor] : a) {
    ASSERT_EQ(b.count(name), 1) << name;
    EXPECT_TRUE(same(tensor, b.at(name))) << name;
  }
}

void expect_same_run(const CopyTask& task, const std::string& a, const std::string& b) {
  const auto first = task.checkpoint(a), second = task.checkpoint(b);
  expect_same_tensors(first.tensors, second.tensors);
  EXPECT_TRUE(torch::equal(first.generator, second.generator));
  EXPECT_EQ(first.progress.updates, second.progress.updates);
  EXPECT_EQ(first.progress.skipped, second.progress.skipped);
  EXPECT_EQ(first.progress.position, second.progress.position);
  EXPECT_EQ(first.progress.sentences, second.progress.sentences);
  EXPECT_EQ(first.progress.target_tokens, second.progress.target_tokens);
  EXPECT_EQ(first.schedule, second.schedule);
  EXPECT_EQ(first.progress.validations, second.progress.validations);
  EXPECT_EQ(first.progress.stalled, second.progress.stalled);
  EXPECT_EQ(first.progress.best_updates, second.progress.best_updates);
  EXPECT_EQ(first.progress.ended_at, second.progress.ended_at);
  EXPECT_EQ(first.progress.window.loss, second.progress.window.loss);
  EXPECT_EQ(first.progress.validated_at, second.progress.validated_at);
  EXPECT_EQ(first.progress.best, second.progress.best);
  EXPECT_EQ(first.progress.baseline, second.progress.baseline);
  EXPECT_EQ(first.progress.baseline.has_value(),
            task.config.model.attention.kind == AttentionKind::kHard);
  expect_same_tensors(task.weights(a).tensors, task.weights(b).tensors);
  EXPECT_EQ(task.weights(a).metadata, task.weights(b).metadata);
  EXPECT_EQ(task.history(a), task.history(b));
}

/// The number of updates after which training is interrupted. Twelve updates are more than two
/// epochs, so mid-epoch and every epoch's end are among them.
class ResumeTest : public ::testing::TestWithParam<int> {
 protected:
  static void SetUpTestSuite() {
    task_ = std::make_unique<CopyTask>();
    EXPECT_EQ(task_->train("whole"), TrainingEnd::kStopAfter);
    const auto progress = task_->checkpoint("whole").progress;
    EXPECT_EQ(progress.updates, 12);
    EXPECT_GE(progress.position.epoch, 2);
    EXPECT_GE(progress.validations, 2);
  }
  static void TearDownTestSuite() { task_.reset(); }

  static std::unique_ptr<CopyTask> task_;
};

std::unique_ptr<CopyTask> ResumeTest::task_;

INSTANTIATE_TEST_SUITE_P(After, ResumeTest, ::testing::Range(1, 12), [](const auto& tested) {
  return std::to_string(tested.param) + "Updates";
});

TEST_P(ResumeTest, EndsWhereAnUninterruptedRunEnds) {
  const auto name = "interrupted" + std::to_string(GetParam());
  EXPECT_EQ(task_->train(name, after(GetParam())), TrainingEnd::kInterrupted);
  EXPECT_EQ(task_->checkpoint(name).progress.updates, GetParam());
  EXPECT_EQ(task_->train(name), TrainingEnd::kStopAfter);
  expect_same_run(*task_, "whole", name);
}

TEST_P(ResumeTest, EndsThereToAfterAKillThatLeftAnOlderCheckpoint) {
  const auto name = "killed" + std::to_string(GetParam());
  CopyTask& task = *task_;
  const auto before = task.config.training.checkpoint_every;
  task.config.training.checkpoint_every = {3, Period::Unit::kUpdates};
  const auto kill = [left = GetParam()]() mutable -> bool {
    if (--left == 0) throw std::runtime_error("killed");
    return false;
  };
  EXPECT_THROW(task.train(name, kill), std::runtime_error);
  // should_stop is asked before the checkpoint of the same update is written.
  EXPECT_EQ(has_checkpoint(task.path(name)), GetParam() > 3);
  EXPECT_EQ(task.train(name), TrainingEnd::kStopAfter);
  task.config.training.checkpoint_every = before;
  expect_same_run(task, "whole", name);
}

struct Variation {
  const char* name;
  std::function<void(CopyTask&)> apply;
};

class ResumeVariationTest : public ::testing::TestWithParam<Variation> {};

INSTANTIATE_TEST_SUITE_P(
    Variations, ResumeVariationTest,
    ::testing::Values(
        Variation{"WithoutValidation", [](CopyTask& task) { task.remove_validation(); }},
        Variation{"WithMinimumRisk",
                  [](CopyTask& task) {
                    task.config.training.minimum_risk = {
                        .weight = 0.5, .count = 3, .metric = RiskMetric::kChrf};
                    task.config.training.accumulate = 2;
                  }},
        Variation{"WithTheRiskOfABeam",
                  [](CopyTask& task) {
                    task.config.training.minimum_risk = {
                        .weight = 0.5, .candidates = RiskCandidateKind::kBeam, .count = 3};
                  }},
        Variation{"WithoutAnAverage",
                  [](CopyTask& task) { task.config.training.exponential_smoothing = 0; }},
        Variation{"Bfloat16WhereTheProcessorHasIt",
                  [](CopyTask& task) {
                    if (kernels::has_products_in(Precision::kBfloat16))
                      task.config.training.precision = Precision::kBfloat16;
                  }},
        Variation{"LstmsThatAttendBefore",
                  [](CopyTask& task) {
                    task.config.model.encoder.cell = task.config.model.decoder.cell =
                        CellType::kLstm;
                    task.config.model.encoder.layers = task.config.model.decoder.layers = 2;
                    task.config.model.decoder.attention_place = AttentionPlace::kBefore;
                  }},
        Variation{"HardAttention",
                  [](CopyTask& task) { task.config.model.attention.kind = AttentionKind::kHard; }},
        Variation{"OneMatrixForAll",
                  [](CopyTask& task) {
                    task.config.vocabulary.shared = true;
                    task.config.model.embedding.tying = EmbeddingTying::kAll;
                  }},
        Variation{"Plateaus",  // the rate is too low to improve BLEU
                  [](CopyTask& task) {
                    task.config.training.optimizer.learning_rate = 1e-5;
                    task.config.training.schedule.minimum_rate = 0;
                    task.config.training.schedule.plateau_patience = 1;
                    task.config.training.validation.metric = ValidationMetric::kBleu;
                    task.config.training.validation.every = {2, Period::Unit::kUpdates};
                  }},
        Variation{"AccumulatedBatches",
                  [](CopyTask& task) { task.config.training.accumulate = 3; }},
        Variation{"Adafactor",
                  [](CopyTask& task) {
                    task.config.training.optimizer.type = OptimizerType::kAdafactor;
                  }},
        Variation{"Momentum",
                  [](CopyTask& task) {
                    task.config.training.optimizer.type = OptimizerType::kSgd;
                    task.config.training.optimizer.momentum = 0.9;
                    task.config.training.schedule.cosine_steps = 12;
                  }}),
    [](const auto& tested) { return tested.param.name; });

TEST_P(ResumeVariationTest, EndsWhereAnUninterruptedRunEnds) {
  CopyTask task;
  GetParam().apply(task);
  task.train("whole");
  for (const int updates : {4, 3}) {  // interrupted twice, at 4 and at 7
    EXPECT_EQ(task.train("parts", after(updates)), TrainingEnd::kInterrupted);
  }
  task.train("parts");
  expect_same_run(task, "whole", "parts");
}

TEST(Resume, GoesOnBeyondTheFirstEnd) {
  CopyTask task;
  task.config.training.stop_after = {3, Period::Unit::kEpochs};
  task.train("whole");
  task.config.training.stop_after = {1, Period::Unit::kEpochs};
  EXPECT_EQ(task.train("parts"), TrainingEnd::kStopAfter);
  EXPECT_EQ(task.checkpoint("parts").progress.position, (DataPosition{1, 0, 0}));
  task.config.training.stop_after = {3, Period::Unit::kEpochs};
  task.train("parts");
  expect_same_run(task, "whole", "parts");
}

// A validation takes as long as its text is long: who asks to stop does not wait for its end.
TEST(Resume, IsTheStraightRunAfterAValidationThatWasGivenUp) {
  CopyTask task;
  task.config.training.validation.every = {5, Period::Unit::kUpdates};
  task.config.training.validation.patience = 0;
  task.config.training.stop_after = {13, Period::Unit::kUpdates};
  task.config.decoding.batch_sentences = 4;
  task.train("whole");
  int given_up = 0;
  for (int allowed = 0;; ++allowed) {
    const auto name = "parts" + std::to_string(allowed);
    std::atomic<int> asked = 0;
    const auto stop = [&] { return asked++ >= allowed; };
    if (task.train(name, never, stop) == TrainingEnd::kStopAfter) break;
    ++given_up;
    const auto progress = task.checkpoint(name).progress;
    const bool was_due = progress.updates % 5 == 0;
    EXPECT_EQ(progress.validation_due, was_due);
    EXPECT_TRUE(was_due || progress.updates == 13) << progress.updates;
    EXPECT_EQ(task.train(name, never, [] { return true; }), TrainingEnd::kInterrupted)
        << "the next run begins with it";
    EXPECT_EQ(task.train(name), TrainingEnd::kStopAfter);
    expect_same_run(task, "whole", name);
  }
  EXPECT_GE(given_up, 3 * 3) << "in each of three validations, before its first batch and later";
}

// An end takes a validation that was not due. It must not count.
TEST(Resume, IsTheStraightRunAlsoWhereTheFirstEndTookAValidation) {
  CopyTask task;
  auto& training = task.config.training;
  training.validation.every = {3, Period::Unit::kUpdates};
  training.schedule.plateau_patience = 1;
  training.optimizer.learning_rate = 0.3;  // goes astray, so that the best is an early one
  training.schedule.warmup_steps = 10;
  training.stop_after = {26, Period::Unit::kUpdates};
  task.train("whole");
  for (const int updates : {2, 7, 14, 20, 26}) {
    training.stop_after = {updates, Period::Unit::kUpdates};
    EXPECT_EQ(task.train("parts"), TrainingEnd::kStopAfter);
    EXPECT_EQ(task.checkpoint("parts").progress.validations, updates / 3);
  }
  EXPECT_LT(task.checkpoint("whole").schedule.at("plateau_scale"), 1) << "or it shows little";
  expect_same_run(task, "whole", "parts");
}

TEST(Resume, ShowsTheLastModelIfItIsBetterAndTheBestOneAgainWhenItGoesOn) {
  CopyTask task;  // learns, so that the last model is the best
  task.config.training.validation.every = {3, Period::Unit::kUpdates};
  task.config.training.stop_after = {7, Period::Unit::kUpdates};
  task.train("run");
  EXPECT_EQ(task.weights("run").metadata.at("updates"), "7");
  EXPECT_EQ(task.checkpoint("run").progress.best_updates, 6);
  task.config.training.stop_after = {20, Period::Unit::kUpdates};
  EXPECT_EQ(task.train("run", after(1)), TrainingEnd::kInterrupted);
  EXPECT_EQ(task.weights("run").metadata.at("updates"), "6");
}

TEST(Resume, DoesNothingMoreWhenTheEndWasReached) {
  CopyTask task;
  task.train("whole");
  const auto before = task.directory().read("whole/weights.safetensors");
  EXPECT_EQ(task.train("whole", [] { return true; }), TrainingEnd::kStopAfter);
  EXPECT_EQ(task.checkpoint("whole").progress.updates, 12);
  EXPECT_EQ(task.directory().read("whole/weights.safetensors"), before);
  EXPECT_EQ(task.events("whole", "validation").size(), 3U) << "that of the end included";
}

TEST(Resume, AlsoWhenUpdatesWereSkipped) {
  // A weight that is too large for the gradient of one rare word to be finite.
  CopyTask task;
  for (const char* side : {"train.src", "train.trg"})
    task.directory().write(side, copy_lines(60, 1) + "h rare h\n");
  const auto break_word = [&](const std::string& name) {
    auto checkpoint = task.checkpoint(name);
    auto& embedding = checkpoint.tensors.at("weight.source_embedding");
    const auto vocabularies = read_model_vocabularies(task.path(name));
    const auto id = vocabularies.sources.front().vocabulary->encode("rare").ids.at(0);
    embedding = embedding.clone();
    embedding[id].fill_(std::numeric_limits<float>::infinity());
    write_checkpoint(task.checkpoint_path(name), checkpoint);
  };
  for (const char* name : {"whole", "parts"}) {
    task.train(name, after(1));
    break_word(name);
  }
  task.train("whole");
  EXPECT_GE(task.checkpoint("whole").progress.skipped, 1);
  const auto skipped = task.events("whole", "skipped");
  EXPECT_EQ(static_cast<int64_t>(skipped.size()), task.checkpoint("whole").progress.skipped);
  const auto lines = skipped[0].at("lines").get<std::string>();
  EXPECT_THAT(lines, ::testing::StartsWith(task.path("train.src") + ":"));
  EXPECT_THAT(lines + ",", ::testing::HasSubstr("61,")) << "where the word is";
  while (task.train("parts", after(1)) == TrainingEnd::kInterrupted) {
  }
  for (const auto& event : task.events("whole", "update"))
    EXPECT_TRUE(event.at("loss").is_number()) << "the loss of a skipped update does not count";
  expect_same_run(task, "whole", "parts");
}

TEST(Resume, RefusesAnotherConfigAndNamesEveryKey) {
  CopyTask task;
  task.train("run", after(2));
  task.config.training.seed = 9;
  task.config.model.decoder.hidden = 16;
  try {
    task.train("run");
    FAIL() << "no complaint";
  } catch (const UserError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("another value of 'training.seed'"), std::string::npos) << message;
    EXPECT_NE(message.find("another value of 'model.decoder.hidden'"), std::string::npos)
        << message;
  }
  EXPECT_EQ(task.checkpoint("run").progress.updates, 2);
}

TEST(Resume, AcceptsAnotherPaceAndAnotherEnd) {
  CopyTask task;
  task.train("run", after(2));
  task.config.training.stop_after = {4, Period::Unit::kUpdates};
  task.config.training.log_every = {7, Period::Unit::kUpdates};
  task.config.training.checkpoint_every = {2, Period::Unit::kUpdates};
  task.config.training.time_limit_seconds = 1000;
  task.config.training.validation.patience = 3;
  task.config.decoding.beam_size = 7;
  EXPECT_EQ(task.train("run"), TrainingEnd::kStopAfter);
  EXPECT_EQ(task.checkpoint("run").progress.updates, 4);
}

TEST(Resume, RefusesAnotherWayToValidate) {
  CopyTask task;
  task.config.training.validation.beam_size = 0;  // that of decoding
  task.train("run", after(2));
  const auto before = task.config.decoding;
  task.config.decoding.length_normalization = 0.5;
  EXPECT_THROW(task.train("run"), UserError);
  task.config.decoding = before;
  task.config.decoding.beam_size = 7;
  EXPECT_THROW(task.train("run"), UserError);
}

TEST(Resume, KnowsTheTextAgainWhereverItLies) {
  CopyTask task;
  task.train("whole");
  task.train("parts", after(4));
  std::filesystem::create_directory(task.path("elsewhere"));
  for (const char* name : {"train.src", "train.trg", "valid.src", "valid.trg"})
    std::filesystem::rename(task.path(name), task.path("elsewhere/" + std::string(name)));
  task.config.data.train_source = {task.path("./elsewhere/train.src")};
  task.config.data.train_target = {task.path("elsewhere/train.trg")};
  task.config.data.valid_source = {task.path("elsewhere/valid.src")};
  task.config.data.valid_target = {task.path("elsewhere/valid.trg")};
  EXPECT_EQ(task.train("parts"), TrainingEnd::kStopAfter);
  expect_same_run(task, "whole", "parts");
  task.directory().write("elsewhere/valid.trg", copy_lines(12, 3));
  task.config.training.stop_after = {20, Period::Unit::kUpdates};
  EXPECT_THROW(task.train("parts"), UserError) << "other references";
  task.config.data.valid_source.clear();
  task.config.data.valid_target.clear();
  EXPECT_THROW(task.train("parts"), UserError) << "none at all";
}

// A run of Weft 0.1 that was stopped goes on.
TEST(Resume, GoesOnFromACheckpointOfVersion2) {
  CopyTask task;
  task.train("whole");
  task.train("parts", after(4));
  auto file = read_tensors(task.checkpoint_path("parts"));
  auto progress = nlohmann::json::parse(file.metadata.at("progress"));
  progress["rate_scale"] = 1.0;
  progress["stalled_since_decay"] = progress.at("stalled");
  for (const char* key : {"wall_seconds", "best_updates", "ended_at", "log_window"})
    progress.erase(key);
  file.metadata["progress"] = progress.dump();
  file.metadata["weft_checkpoint"] = "2";
  for (const char* key : {"schedule", "validation", "metrics_bytes"}) file.metadata.erase(key);
  write_tensors(task.checkpoint_path("parts"), file);
  std::filesystem::remove(task.path("parts/training/lock"));
  EXPECT_EQ(task.train("parts"), TrainingEnd::kStopAfter);
  expect_same_tensors(task.weights("whole").tensors, task.weights("parts").tensors);
  EXPECT_EQ(task.history("whole").size(), task.history("parts").size());
}

TEST(Resume, RefusesStatesThatAreNone) {
  const auto complaint = [](const std::function<void(Checkpoint&)>& damage) -> std::string {
    CopyTask task;
    task.train("run", after(2));
    auto checkpoint = task.checkpoint("run");
    damage(checkpoint);
    write_checkpoint(task.checkpoint_path("run"), checkpoint);
    try {
      task.train("run");
    } catch (const UserError& error) {
      return error.what();
    }
    return "no complaint";
  };
  const auto holds = [](const std::string& message) {
    return message.find("run: holds a damaged checkpoint") != std::string::npos;
  };
  for (const torch::Tensor& generator :
       {torch::zeros({7}, torch::kUInt8), torch::zeros({5056}, torch::kFloat32)}) {
    const auto message = complaint([&](Checkpoint& damaged) { damaged.generator = generator; });
    EXPECT_TRUE(holds(message)) << message;
  }
  for (const DataPosition& position : {DataPosition{0, 0, 1000}, DataPosition{0, 1, 0}}) {
    const auto message =
        complaint([&](Checkpoint& damaged) { damaged.progress.position = position; });
    EXPECT_TRUE(holds(message)) << message;
  }
}

TEST(Resume, RefusesADamagedCheckpoint) {
  CopyTask task;
  task.train("run", after(2));
  const auto bytes = task.directory().read("run/training/checkpoint.safetensors");
  task.directory().write("run/training/checkpoint.safetensors", bytes.substr(0, 100));
  EXPECT_THROW(task.train("run"), UserError);
}

}  // namespace
}  // namespace weft
