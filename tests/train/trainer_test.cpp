// The trainer by itself: without a directory, and as one of several.

#include "train/trainer.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <array>
#include <barrier>
#include <thread>

#include "nn/random_module.h"
#include "train/copy_task.h"

namespace weft {
namespace {

constexpr std::size_t kProcesses = 2;

/// Where trainers in threads meet, as processes would.
struct Meeting {
  std::barrier<> barrier{kProcesses};
  std::array<UpdateWork, kProcesses> work;
  std::array<std::vector<torch::Tensor>, kProcesses> gradients;
};

class MeetingReducer : public Reducer {
 public:
  MeetingReducer(Meeting& meeting, std::size_t rank) : meeting_(meeting), rank_(rank) {}
  int64_t rank() const override { return static_cast<int64_t>(rank_); }
  int64_t world() const override { return kProcesses; }

  void last_backward_begins(const std::vector<torch::Tensor>&, kernels::WeightGradients&) override {
  }

  void add_gradients(const std::vector<torch::Tensor>& parameters) override {
    auto& own = meeting_.gradients[rank_];
    own.clear();
    for (const auto& parameter : parameters) own.push_back(parameter.grad().clone());
    meeting_.barrier.arrive_and_wait();
    for (std::size_t i = 0; i < parameters.size(); ++i)
      parameters[i].mutable_grad() = meeting_.gradients[0][i] + meeting_.gradients[1][i];
    meeting_.barrier.arrive_and_wait();
  }

  UpdateNews tell(const UpdateNews& own) override {
    meeting_.work[rank_] = own.work;
    meeting_.barrier.arrive_and_wait();
    UpdateNews told;
    for (const auto& one : meeting_.work) {
      told.work.sentences += one.sentences;
      told.work.source_tokens += one.source_tokens;
      told.work.target_tokens += one.target_tokens;
      told.work.loss += one.loss;
    }
    meeting_.barrier.arrive_and_wait();
    return told;
  }
  void together(const std::function<void()>& work, const std::function<bool()>&) override {
    work();
  }
  bool stop_seen() const override { return false; }
  bool any(bool own) override { return own; }
  std::string from_first(const std::string& text) override { return text; }
  TensorFile from_first(const TensorFile& file) override { return file; }

 private:
  Meeting& meeting_;
  std::size_t rank_;
};

class TrainerTest : public ::testing::Test {
 protected:
  TrainerTest() {
    task_.remove_validation();
    task_.config.model.dropout = {0, 0, 0, 0, 0};
    task_.config.training.stop_after = {9, Period::Unit::kUpdates};
  }
  TrainingTask made() const { return {task_.config, {task_.path("")}}; }

  CopyTask task_;
};

TEST_F(TrainerTest, WritesNothingWithoutADirectory) {
  const auto task = made();
  const auto model = task.new_model();
  const auto before = named_parameters(*model).at("output_bias").detach().clone();
  Trainer trainer(task_.config, {.model = model, .corpus = task.corpus()});
  std::filesystem::create_directory(task_.path("here"));
  std::filesystem::current_path(task_.path("here"));
  EXPECT_EQ(trainer.run({never}), TrainingEnd::kStopAfter);
  EXPECT_TRUE(std::filesystem::is_empty("."));
  std::filesystem::current_path("/");
  EXPECT_EQ(trainer.progress().updates, 9);
  EXPECT_FALSE(torch::equal(named_parameters(*model).at("output_bias"), before));
}

// Each of two takes every second batch; one alone takes two for an update.
TEST_F(TrainerTest, TrainsInSeveralProcessesAsInOneThatAccumulates) {
  task_.config.training.accumulate = kProcesses;
  const auto task = made();
  Meeting meeting;
  std::array<TranslationModel, kProcesses> models{task.new_model(), task.new_model()};
  std::array<TrainingProgress, kProcesses> progress;
  {
    std::vector<std::jthread> threads;
    for (std::size_t rank = 0; rank < kProcesses; ++rank) {
      threads.emplace_back([&, rank] {
        MeetingReducer reducer(meeting, rank);
        Trainer trainer(task_.config,
                        {.model = models[rank], .corpus = task.corpus(), .reducer = &reducer});
        trainer.run({never});
        progress[rank] = trainer.progress();
      });
    }
  }
  const auto alone = task.new_model();
  Trainer trainer(task_.config, {.model = alone, .corpus = task.corpus()});
  trainer.run({never});
  for (std::size_t rank = 0; rank < kProcesses; ++rank) {
    EXPECT_EQ(progress[rank].updates, 9);
    EXPECT_EQ(progress[rank].position, trainer.progress().position);
    EXPECT_EQ(progress[rank].target_tokens, trainer.progress().target_tokens);
    EXPECT_EQ(progress[rank].sentences, trainer.progress().sentences);
    const auto expected = named_parameters(*alone);
    for (const auto& [name, parameter] : named_parameters(*models[rank]))
      EXPECT_LT(distance(parameter, expected.at(name)), 1e-4) << name;
  }
}

}  // namespace
}  // namespace weft
