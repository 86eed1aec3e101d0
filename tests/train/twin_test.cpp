// What the kernels must not change: the losses of a run.

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <string>
#include <tuple>

#include "kernels/matmul.h"
#include "nn/fast_path.h"
#include "train/copy_task.h"

namespace weft {
namespace {

/// Cell and place of attention.
class TwinTest : public ::testing::TestWithParam<std::tuple<CellType, AttentionPlace>> {};

INSTANTIATE_TEST_SUITE_P(Models, TwinTest,
                         ::testing::Values(std::tuple{CellType::kGru, AttentionPlace::kBetween},
                                           std::tuple{CellType::kLstm, AttentionPlace::kBefore}));

std::vector<double> losses(const CopyTask& task, const std::string& name) {
  std::vector<double> found;
  for (const auto& event : task.events(name, "update")) found.push_back(event.at("loss"));
  return found;
}

// A thousand updates with dropout, once with the kernels and once with plain LibTorch. They round
// differently, which adds up over the updates: to one in ten thousand of the loss at most.
TEST_P(TwinTest, HasTheLossesOfPlainLibTorchOverAThousandUpdates) {
  CopyTask task(300);
  task.remove_validation();
  task.config.model.encoder.cell = task.config.model.decoder.cell = std::get<0>(GetParam());
  task.config.model.decoder.attention_place = std::get<1>(GetParam());
  task.config.training.stop_after = {1000, Period::Unit::kUpdates};
  task.config.training.optimizer.learning_rate = 0.003;
  task.config.training.precision = Precision::kFloat32;
  task.config.training.log_every = {20, Period::Unit::kUpdates};
  task.train("kernels");
  {
    const PlainGuard plain;
    task.train("plain");
  }
  const auto fast = losses(task, "kernels"), plain = losses(task, "plain");
  ASSERT_EQ(fast.size(), 50U);
  ASSERT_EQ(plain.size(), 50U);
  for (std::size_t i = 0; i < plain.size(); ++i)
    EXPECT_NEAR(fast[i], plain[i], 1e-4 * plain[i]) << "updates up to " << 20 * (i + 1);
  EXPECT_LT(plain.back(), 0.6 * plain.front()) << "the run must have learnt something";
  EXPECT_NE(fast, plain) << "two ways";
}

TEST(Threads, ChangeNothingInTraining) {
  CopyTask task;
  task.remove_validation();
  for (const int threads : {1, 2}) {
    task.config.training.threads = threads;
    task.train(std::to_string(threads));
    EXPECT_EQ(at::get_num_threads(), threads) << "the library applies them";
  }
  const auto one = task.weights("1").tensors, two = task.weights("2").tensors;
  ASSERT_FALSE(one.empty());
  for (const auto& [name, tensor] : one) {
    const double difference = (tensor - two.at(name)).abs().max().item<double>();
    EXPECT_LE(difference, 1e-5) << name;
  }
}

}  // namespace
}  // namespace weft
