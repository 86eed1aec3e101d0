// Models whose every choice is drawn by lot: what holds for the kinds that tests name must hold for
// combinations that nobody thought of.
#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <string>
#include <vector>

#include "config/config_reader.h"
#include "config/dump.h"
#include "model/random_config.h"
#include "model/tiny_model.h"

namespace weft {
namespace {

const std::vector<TinyPair> kRandomPairs{
    {{4, 5, 6, 7}, {4, 5}}, {{6}, {7, 7, 6, 5}}, {{5, 4}, {6}}};

void expect_steps_as_forced(TranslationModel& model) {
  const auto batch = tiny_batch(kRandomPairs);
  const auto scores = model->score({}, batch);
  auto [memory, state] = model->start({}, batch.sources);
  for (int64_t i = 0; i < batch.target_input.size(1); ++i) {
    auto step = model->step({}, batch.target_input.select(1, i), state, memory);
    const auto of_target = step.logits.log_softmax(1)
                               .gather(1, batch.target_output.select(1, i).unsqueeze(1))
                               .squeeze(1);
    const auto padding = batch.target_mask.select(1, i).logical_not();
    EXPECT_LT(distance(of_target.masked_fill(padding, 0), scores.log_probs.select(1, i)), 1e-10);
    state = std::move(step.state);
  }
}

void expect_same_in_every_company(TranslationModel& model) {
  const auto together = model->score({}, tiny_batch(kRandomPairs, 3)).log_probs;
  for (std::size_t i = 0; i < kRandomPairs.size(); ++i) {
    const auto alone = model->score({}, tiny_batch({kRandomPairs[i]})).log_probs;
    const auto row = together[static_cast<int64_t>(i)];
    EXPECT_LT(distance(row.narrow(0, 0, alone.size(1)), alone[0]), 1e-10);
  }
}

void expect_learns(TranslationModel& model) {
  model->train();
  const auto loss = model->forward({}, tiny_batch(kRandomPairs), {0.1}).loss;
  EXPECT_TRUE(loss.isfinite().item<bool>());
  loss.backward();
  const torch::NoGradGuard no_grad;
  for (auto& parameter : model->parameters()) {
    if (!parameter.grad().defined()) continue;
    EXPECT_TRUE(parameter.grad().isfinite().all().item<bool>());
    parameter.sub_(parameter.grad(), 1e-3);
  }
  model->eval();
  EXPECT_TRUE(model->score({}, tiny_batch(kRandomPairs)).log_probs.isfinite().all().item<bool>());
}

TEST(RandomModels, HoldWhatNamedOnesHold) {
  Lot lot(1);
  for (int i = 0; i < 60; ++i) {
    const Config config = random_config(lot);
    const std::string dump = dump_config(config);
    SCOPED_TRACE(dump.substr(dump.find("model:"), dump.find("training:") - dump.find("model:")));
    EXPECT_EQ(dump_config(parse_config(dump, "dump.yaml")), dump);
    TinyModel tiny;
    tiny.tying = config.model.embedding.tying;
    tiny.sources = config.data.source_kind.size();
    auto model = model_with(tiny, config.model);
    randomize(*model, static_cast<uint64_t>(i));
    model->eval();
    expect_steps_as_forced(model);
    expect_same_in_every_company(model);
    expect_learns(model);
    if (HasFailure()) break;
  }
}

}  // namespace
}  // namespace weft
