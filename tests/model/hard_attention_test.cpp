// The gradient of hard attention is right on average: against the sum over all positions that could
// have been drawn, with the model's equations written out in float64.

#include "nn/hard_attention.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <vector>

#include "model/tiny_model.h"

namespace weft {
namespace {

using torch::Tensor;

const TinyPair kPair{{4, 6}, {5}};  // three annotations, two target words
constexpr int64_t kWords = 2, kAnnotations = 3;

TranslationModel hard_model() {
  const auto tiny = variant("Hard", [](ModelOptions& o) {
    o.decoder.cell = CellType::kRnn;
    o.decoder.attention_place = AttentionPlace::kBefore;
    o.attention.kind = AttentionKind::kHard;
    o.attention.hard.expected = 0;
    o.attention.hard.entropy_weight = 0;
    o.dropout = {0, 0, 0, 0, 0, 0};
  });
  auto model = tiny_model(tiny);
  model->train();
  return model;
}

Tensor mapped_by(const Tensor& x, const Tensor& matrix) { return x.matmul(matrix.t()); }

/// Σ_a p(a) log p(y | a) over all sequences of positions a; one step after the other.
class ExpectedLogLikelihood {
 public:
  explicit ExpectedLogLikelihood(TranslationModel& model)
      : of_(model->named_parameters()),
        batch_(tiny_batch({kPair})),
        source_(model->encode({}, batch_.sources)) {}

  Tensor value() {
    const auto first = torch::tanh(mapped_by(source_.summary, of_["decoder.initial.weight"]) +
                                   of_["decoder.initial.bias"]);
    return sum_from(0, first, torch::ones({}, torch::kFloat64), torch::zeros({}, torch::kFloat64));
  }

 private:
  Tensor sum_from(int64_t i, const Tensor& s, const Tensor& probability,
                  const Tensor& log_likelihood) {
    if (i == kWords) return probability * log_likelihood;
    const auto keys = mapped_by(source_.states, of_["decoder.attention.key.weight"]) +
                      of_["decoder.attention.key.bias"];
    const auto energies =
        torch::tanh(mapped_by(s, of_["decoder.attention.query.weight"]).unsqueeze(1) + keys)
            .matmul(of_["decoder.attention.energy"]);
    const auto weights = energies.softmax(1)[0];
    auto sum = torch::zeros({}, torch::kFloat64);
    for (int64_t j = 0; j < kAnnotations; ++j) {
      const auto [next, log_prob] = step(i, s, source_.states.select(1, j));
      sum = sum + sum_from(i + 1, next, probability * weights[j], log_likelihood + log_prob);
    }
    return sum;
  }

  std::pair<Tensor, Tensor> step(int64_t i, const Tensor& s, const Tensor& c) {
    const auto y = of_["target_embedding"].index_select(0, batch_.target_input.select(1, i));
    const auto next =
        torch::tanh(mapped_by(y, of_["decoder.cell.weight_ih"]) + of_["decoder.cell.bias_ih"] +
                    mapped_by(s, of_["decoder.cell.weight_hh"]) + of_["decoder.cell.bias_hh"] +
                    mapped_by(c, of_["decoder.context_gates.weight"]));
    const auto readout =
        torch::tanh(mapped_by(next, of_["readout.hidden.weight"]) + of_["readout.hidden.bias"] +
                    mapped_by(y, of_["readout.embedding.weight"]) +
                    mapped_by(c, of_["readout.context.weight"]));
    const auto logits = mapped_by(readout, of_["target_embedding"]) + of_["output_bias"];
    const auto word = batch_.target_output[0][i].item<int64_t>();
    return {next, logits.log_softmax(1)[0][word]};
  }

  torch::OrderedDict<std::string, Tensor> of_;
  Batch batch_;
  EncoderOutput source_;
};

Tensor flat_gradient(const Tensor& loss, TranslationModel& model) {
  std::vector<Tensor> parts;
  for (const auto& gradient : torch::autograd::grad({loss}, model->parameters()))
    parts.push_back(gradient.flatten());
  return torch::cat(parts);
}

TEST(HardAttention, HasTheExactGradientOnAverage) {
  auto model = hard_model();
  const auto exact = -flat_gradient(ExpectedLogLikelihood(model).value(), model);
  constexpr int64_t kCopies = 400, kBatches = 50;
  const auto batch = tiny_batch(std::vector<TinyPair>(kCopies, kPair));
  torch::manual_seed(3);
  std::vector<Tensor> means;
  for (int64_t i = 0; i < kBatches; ++i) {
    const auto result = model->forward({}, batch, {.label_smoothing = 0, .baseline = -2});
    means.push_back(flat_gradient(result.loss / kCopies, model));
  }
  const auto sampled = torch::stack(means);
  const auto error = sampled.std(0) / std::sqrt(static_cast<double>(kBatches));
  const auto deviation = (sampled.mean(0) - exact).abs() / error.clamp_min(1e-12);
  EXPECT_LT(deviation.max().item<double>(), 4.5);  // standard errors, of some hundred numbers
  // The test would notice a term that is missing: the gradient is many standard errors long.
  EXPECT_GT((exact.abs() / error.clamp_min(1e-12)).median().item<double>(), 10);
}

// Only the score-function term tells the attention what to look at.
TEST(HardAttention, TeachesTheScoreByTheRewardAlone) {
  auto model = hard_model();
  const auto energy = model->named_parameters()["decoder.attention.energy"];
  const auto exact = torch::autograd::grad({ExpectedLogLikelihood(model).value()}, {energy})[0];
  EXPECT_GT(exact.norm().item<double>(), 1e-3);
  model->eval();
  const auto loss = model->forward({}, tiny_batch({kPair}), {}).loss;
  const auto without = torch::autograd::grad({loss}, {energy}, {}, c10::nullopt, false, true)[0];
  EXPECT_FALSE(without.defined());
}

}  // namespace
}  // namespace weft
