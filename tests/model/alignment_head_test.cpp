// A head that explains, and leaves what it explains alone.

#include "model/alignment_head.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <vector>

#include "model/named_tensors.h"
#include "model/tiny_model.h"
#include "nn/gradient_check.h"
#include "nn/guided_alignment.h"

namespace weft {
namespace {

torch::Tensor parameter(const torch::nn::Module& module, const std::string& name) {
  return module.named_parameters()[name];
}

/// The equations above AlignmentHeadImpl for one sentence, by LibTorch's own GRU: r [T, I], h
/// [S, C] -> [T, S].
torch::Tensor written_out(const torch::nn::Module& head, const torch::Tensor& read,
                          const torch::Tensor& annotations) {
  std::vector<torch::Tensor> weights;
  for (const char* cell : {"reader.forward_0.", "reader.backward_0."}) {
    for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"})
      weights.push_back(parameter(head, std::string(cell) + name));
  }
  const int64_t width = weights[1].size(1);
  const auto initial = torch::zeros({2, 1, width}, read.options());
  const auto gru = torch::gru(read.unsqueeze(0), initial, weights, /*has_biases=*/true,
                              /*num_layers=*/1, /*dropout=*/0, /*train=*/false,
                              /*bidirectional=*/true, /*batch_first=*/true);
  const auto query = std::get<0>(gru)[0].matmul(parameter(head, "query.weight").t());
  const auto keys = annotations.matmul(parameter(head, "key.weight").t());
  return torch::softmax(query.matmul(keys.t()) / std::sqrt(static_cast<double>(width)), 1);
}

TEST(AlignmentHead, IsWhatItsEquationsSay) {
  AlignmentHead head(5, 4, AlignmentHeadOptions{3});
  randomize(*head, 7);
  torch::manual_seed(2);
  const auto read = torch::randn({2, 6, 5}, torch::kFloat64);
  const auto annotations = torch::randn({2, 4, 4}, torch::kFloat64);
  const std::vector<int64_t> rows{6, 2}, columns{3, 4};
  const auto weights = head->forward(
      {}, AlignmentHeadImpl::Input{read, mask_of(rows, 6), annotations, mask_of(columns, 4)});
  for (int64_t b = 0; b < 2; ++b) {
    const auto i = static_cast<std::size_t>(b);
    const auto expected =
        written_out(*head, read[b].narrow(0, 0, rows[i]), annotations[b].narrow(0, 0, columns[i]));
    const auto found = weights[b].narrow(0, 0, rows[i]);
    EXPECT_LT(distance(found.narrow(1, 0, columns[i]), expected), 1e-12);
    EXPECT_EQ(found.narrow(1, columns[i], 4 - columns[i]).abs().sum().item<double>(), 0);
  }
}

/// Kinds whose steps or annotations take other ways through the model.
std::vector<TinyModel> explained_kinds() {
  std::vector<TinyModel> kinds;
  for (const auto place :
       {AttentionPlace::kBefore, AttentionPlace::kBetween, AttentionPlace::kAfter})
    kinds.push_back(
        variant("Place" + to_name(place), [place](auto& o) { o.decoder.attention_place = place; }));
  kinds.push_back(variant("NoAttention", [](auto& o) { o.attention.score = ScoreType::kNone; }));
  kinds.push_back(variant("InputFeeding", [](auto& o) { o.decoder.input_feeding = true; }));
  kinds.push_back(variant("Pyramid", [](auto& o) {
    o.encoder.layers = 2;
    o.encoder.pyramid = 2;
  }));
  return kinds;
}

class ExplainedModel : public ::testing::TestWithParam<TinyModel> {
 protected:
  static TinyModel with_head(TinyModel kind) {
    const auto change = kind.change;
    kind.change = [change](ModelOptions& options) {
      if (change) change(options);
      options.alignment_head.width = 3;
    };
    return kind;
  }
  /// Guidance that sums to 0.8 in each row.
  static Batch batch() {
    auto made = tiny_batch({{{4, 5, 6, 7}, {4, 5}}, {{6}, {7, 7, 6, 5}}, {{5, 4}, {6}}});
    const auto tokens = made.target_mask.unsqueeze(2)
                            .logical_and(made.sources[0].mask.unsqueeze(1))
                            .to(torch::kFloat64);
    made.guidance = 0.8 * tokens / tokens.sum(2, true).clamp_min(1e-9);
    return made;
  }
};

INSTANTIATE_TEST_SUITE_P(Kinds, ExplainedModel, ::testing::ValuesIn(explained_kinds()),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(ExplainedModel, IsTheSameModelWithAHeadBesides) {
  auto plain = tiny_model(GetParam());
  auto model = tiny_model(with_head(GetParam()));
  torch::NoGradGuard no_grad;
  for (auto& item : model->named_parameters()) {
    if (item.key().starts_with("alignment_head.")) continue;
    item.value().copy_(plain->named_parameters()[item.key()]);
  }
  const auto expected = plain->score({}, batch()), found = model->score({}, batch());
  EXPECT_TRUE(torch::equal(expected.log_probs, found.log_probs));
  EXPECT_FALSE(expected.head.defined());
  ASSERT_TRUE(found.head.defined());
  const auto sums = found.head.sum(2);
  EXPECT_LT(distance(sums, torch::ones_like(sums)), 1e-12);
}

TEST_P(ExplainedModel, ReceivesNoGradientFromTheHead) {
  auto model = tiny_model(with_head(GetParam()));
  const auto guided = batch();
  auto unguided = guided;
  unguided.guidance = torch::Tensor();
  const auto gradients = [&](const Batch& of) {
    model->zero_grad();
    model->forward({}, of, {}).loss.backward();
    NamedTensors result;
    for (const auto& item : model->named_parameters())
      result[item.key()] = item.value().grad().defined() ? item.value().grad().clone()
                                                         : torch::zeros_like(item.value());
    return result;
  };
  const auto with = gradients(guided), without = gradients(unguided);
  for (const auto& [name, gradient] : with) {
    const bool of_head = name.starts_with("alignment_head.");
    EXPECT_EQ(torch::equal(gradient, without.at(name)), !of_head) << name;
  }
}

TEST_P(ExplainedModel, TeachesTheHeadByTheGradientOfItsLoss) {
  auto model = tiny_model(with_head(GetParam()));
  const auto guided = batch();
  std::vector<torch::Tensor> parameters;
  for (const auto& item : model->named_parameters())
    if (item.key().starts_with("alignment_head.")) parameters.push_back(item.value());
  expect_gradients_along_directions(
      [&] { return guided_alignment_loss(model->force({}, guided).head, guided.guidance); },
      parameters);
  const auto loss = model->forward({}, guided, {});
  EXPECT_NEAR(loss.head.item<double>(),
              guided_alignment_loss(model->force({}, guided).head, guided.guidance).item<double>(),
              1e-12);
}

}  // namespace
}  // namespace weft
