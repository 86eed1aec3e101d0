// Batches that make one update together are one large batch.

#include "train/worker.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "data/make_batch.h"
#include "model/model_directory.h"
#include "model/tiny_model.h"

namespace weft {
namespace {

/// The gradients of one update over `batches`, and what was done.
struct Gradients {
  UpdateWork work;
  NamedTensors of;
};

Gradients gradients_of(const std::vector<Batch>& batches, torch::ScalarType type, double smoothing,
                       bool plain) {
  auto model = tiny_model({.variant = "without dropout", .change = [](auto& o) {
                             o.dropout = {0, 0, 0, 0, 0};
                           }});
  model->to(type);
  model->train();
  TrainingOptions options;
  options.label_smoothing = smoothing;
  int64_t tokens = 0;
  for (const auto& batch : batches) tokens += batch.target_tokens;
  Gradients found;
  found.work = Worker(model, options).run(batches, {.loss_units = tokens, .plain = plain});
  for (const auto& [name, parameter] : named_parameters(*model))
    found.of[name] = parameter.grad().defined() ? parameter.grad().clone() : torch::Tensor();
  return found;
}

using Pairs = std::vector<std::pair<std::vector<int32_t>, std::vector<int32_t>>>;

const Pairs kFirst{{{4, 5, 6}, {4, 5}}, {{7}, {7, 7, 6, 5, 4}}};
const Pairs kSecond{{{8, 8, 8, 8, 8}, {6}}};
const Pairs kThird{{{5, 4}, {4, 4, 4, 4, 5, 6, 7}}, {{6}, {5}}, {{4}, {7, 4}}};

Batch batch_of(const std::vector<Pairs>& parts) {
  std::vector<EncodedPair> pairs;
  for (const auto& part : parts)
    for (const auto& [source, target] : part) pairs.push_back({{{source}}, target});
  auto batch = make_batch(pairs);
  batch.pairs.resize(pairs.size());
  return batch;
}

/// Where sums are taken in another order, float32 differs in its last digits: by 1e-5 at most, of
/// gradients of order 1.
class WorkerTest : public ::testing::TestWithParam<bool> {};

INSTANTIATE_TEST_SUITE_P(Paths, WorkerTest, ::testing::Bool(), [](const auto& tested) {
  return tested.param ? "PlainDouble" : "KernelSingle";
});

TEST_P(WorkerTest, TakesAccumulatedBatchesForOneLargeBatch) {
  const auto type = GetParam() ? torch::kFloat64 : torch::kFloat32;
  const double tolerance = GetParam() ? 1e-12 : 1e-5;
  const auto parts = gradients_of({batch_of({kFirst}), batch_of({kSecond}), batch_of({kThird})},
                                  type, 0.1, GetParam());
  const auto whole = gradients_of({batch_of({kFirst, kSecond, kThird})}, type, 0.1, GetParam());
  EXPECT_EQ(parts.work.target_tokens, whole.work.target_tokens);
  EXPECT_EQ(parts.work.source_tokens, whole.work.source_tokens);
  EXPECT_EQ(parts.work.sentences, 6);
  EXPECT_EQ(whole.work.sentences, 6);
  EXPECT_NEAR(parts.work.loss, whole.work.loss, tolerance * whole.work.loss);
  ASSERT_FALSE(whole.of.empty());
  for (const auto& [name, gradient] : whole.of) {
    ASSERT_TRUE(gradient.defined()) << name;
    EXPECT_LT(distance(parts.of.at(name), gradient), tolerance) << name;
  }
}

}  // namespace
}  // namespace weft
