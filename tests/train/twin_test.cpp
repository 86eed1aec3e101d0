// What the kernels must not change: the losses of a run.

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <string>
#include <tuple>

#include "data/make_batch.h"
#include "model/model_directory.h"
#include "model/tiny_model.h"
#include "train/copy_task.h"
#include "train/optimizer.h"
#include "train/worker.h"

namespace weft {
namespace {

/// Cell and place of attention.
class TwinTest : public ::testing::TestWithParam<std::tuple<CellType, AttentionPlace>> {};

INSTANTIATE_TEST_SUITE_P(Models, TwinTest,
                         ::testing::Values(std::tuple{CellType::kGru, AttentionPlace::kBetween},
                                           std::tuple{CellType::kLstm, AttentionPlace::kBefore}));

/// The losses of updates of a small model that learns to copy, with dropout.
std::vector<double> losses(CellType cell, AttentionPlace place, bool plain) {
  TinyModel kind;
  kind.encoder_cell = kind.decoder_cell = cell;
  kind.place = place;
  auto model = tiny_model(kind);
  model->to(torch::kFloat32);
  model->train();
  torch::manual_seed(1);
  model->initialize();
  TrainingOptions options;
  options.precision = Precision::kFloat32;
  options.optimizer.clip_norm = 1;
  const auto optimizer = make_optimizer(named_parameters(*model), {}, options.optimizer);
  Worker worker(model, options);
  std::vector<double> found;
  for (uint64_t update = 0; update < 1000; ++update) {
    std::vector<EncodedPair> pairs;
    for (int32_t n = 0; n < 5; ++n) {
      const auto word = static_cast<int32_t>(3 + (update + 7 * static_cast<uint64_t>(n)) % 5);
      pairs.push_back({{{{word, 3 + n, word}}}, {word, 3 + n, word}});
    }
    auto batch = make_batch(pairs);
    batch.pairs.resize(pairs.size());
    const auto work =
        worker.run({batch}, {.loss_units = batch.target_tokens, .seeds = {update}, .plain = plain});
    found.push_back(work.loss / static_cast<double>(work.target_tokens));
    optimizer->step({0.003, optimizer->gradient_norm(), 0});
  }
  return found;
}

// A thousand updates with dropout, once with the kernels and once with plain LibTorch. They round
// differently, which adds up over the updates: to one in a thousand of the loss at most.
TEST_P(TwinTest, HasTheLossesOfPlainLibTorchOverAThousandUpdates) {
  const auto [cell, place] = GetParam();
  const auto fast = losses(cell, place, false), plain = losses(cell, place, true);
  for (std::size_t i = 0; i < plain.size(); ++i)
    ASSERT_NEAR(fast[i], plain[i], 1e-3 * plain[i]) << "update " << i;
  EXPECT_LT(plain.back(), 0.6 * plain.front()) << "the model must have learnt something";
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
