// The parts of attention: scores, heads, windows and coverage against their equations.

#include <gtest/gtest.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/rnn.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "config/enum_names.h"
#include "nn/tiny_attention.h"

namespace weft {
namespace {

/// The energy of annotation h, the j-th, for query q in head k of 2.
using Energy = std::function<torch::Tensor(const Attention&, const torch::Tensor& q,
                                           const torch::Tensor& h, int64_t j, int64_t k)>;

struct ScoreCase {
  ScoreType type;
  Energy energy;
};

torch::Tensor half(const torch::Tensor& x, int64_t k) {
  return x.chunk(2)[static_cast<std::size_t>(k)];
}

std::vector<ScoreCase> score_cases() {
  return {
      {ScoreType::kAdditive,
       [](const Attention& a, const torch::Tensor& q, const torch::Tensor& h, int64_t, int64_t k) {
         const auto hidden =
             torch::tanh(parameter(a, "query.weight").matmul(q) +
                         parameter(a, "key.weight").matmul(h) + parameter(a, "key.bias"));
         return half(hidden, k).dot(half(parameter(a, "energy"), k));
       }},
      {ScoreType::kDot, [](const Attention&, const torch::Tensor& q, const torch::Tensor& h,
                           int64_t, int64_t k) { return half(q, k).dot(half(h, k)); }},
      {ScoreType::kScaledDot,
       [](const Attention& a, const torch::Tensor& q, const torch::Tensor& h, int64_t, int64_t k) {
         return half(parameter(a, "query.weight").matmul(q), k)
                    .dot(half(parameter(a, "key.weight").matmul(h), k)) /
                std::sqrt(3.0);
       }},
      {ScoreType::kGeneral,
       [](const Attention& a, const torch::Tensor& q, const torch::Tensor& h, int64_t, int64_t k) {
         return half(q, k).dot(half(parameter(a, "key.weight").matmul(h), k));
       }},
      {ScoreType::kLocation,
       [](const Attention& a, const torch::Tensor& q, const torch::Tensor&, int64_t j, int64_t k) {
         return half(parameter(a, "energy.weight").matmul(q), k)[j];
       }},
      {ScoreType::kFeedForward,
       [](const Attention& a, const torch::Tensor&, const torch::Tensor& h, int64_t, int64_t k) {
         return torch::tanh(parameter(a, "energy.weight").matmul(h) +
                            parameter(a, "energy.bias"))[k];
       }},
  };
}

TEST(AttentionParts, ScoresByTheirEquationsInEveryHead) {
  const auto queries = random_tensor({2, kUnits}, 2);
  const auto annotations = random_tensor({2, 3, kUnits}, 3);
  for (const auto& tested : score_cases()) {
    auto attention = random_attention(options_of(tested.type, 2));
    const auto output =
        attention->forward({}, queries, attention->start(annotations),
                           attention->precompute({}, annotations, mask_of({3, 3}, 3)));
    for (int64_t n = 0; n < 2; ++n) {
      std::vector<torch::Tensor> weights, contexts;
      for (int64_t k = 0; k < 2; ++k) {
        std::vector<torch::Tensor> energies;
        for (int64_t j = 0; j < 3; ++j)
          energies.push_back(tested.energy(attention, queries[n], annotations[n][j], j, k));
        weights.push_back(torch::stack(energies).softmax(0));
        const auto values = annotations[n].matmul(parameter(attention, "value.weight").t());
        contexts.push_back(weights.back().matmul(values.chunk(2, 1)[static_cast<std::size_t>(k)]));
      }
      const auto context = parameter(attention, "output.weight").matmul(torch::cat(contexts));
      EXPECT_LT(distance(output.weights[n], (weights[0] + weights[1]) / 2), 1e-12)
          << to_name(tested.type);
      EXPECT_LT(distance(output.context[n], context), 1e-12) << to_name(tested.type);
    }
  }
}

TEST(AttentionParts, WithOneHeadScoresByTheSameEquations) {
  // Of a halved vector, one half is all there is.
  const auto queries = random_tensor({1, kUnits}, 2);
  const auto annotations = random_tensor({1, 3, kUnits}, 3);
  const auto mask = mask_of({3}, 3);
  const auto weights = [&](ScoreType type) {
    auto attention = random_attention(options_of(type));
    return std::pair{attention, attention->forward({}, queries, AttentionState(),
                                                   attention->precompute({}, annotations, mask))};
  };
  const auto [dot, of_dot] = weights(ScoreType::kDot);
  const auto energies = annotations[0].matmul(queries[0]);
  EXPECT_LT(distance(of_dot.weights[0], energies.softmax(0)), 1e-12);
  EXPECT_LT(distance(of_dot.context[0], energies.softmax(0).matmul(annotations[0])), 1e-12);
  EXPECT_TRUE(dot->parameters().empty());
  const auto [general, of_general] = weights(ScoreType::kGeneral);
  const auto bilinear =
      annotations[0].matmul(parameter(general, "key.weight").t()).matmul(queries[0]);
  EXPECT_LT(distance(of_general.weights[0], bilinear.softmax(0)), 1e-12);
  const auto [location, of_location] = weights(ScoreType::kLocation);
  const auto of_places = parameter(location, "energy.weight").matmul(queries[0]).narrow(0, 0, 3);
  EXPECT_LT(distance(of_location.weights[0], of_places.softmax(0)), 1e-12);
}

TEST(AttentionParts, LocationLooksAtNothingBeyondItsPositions) {
  auto attention = random_attention(options_of(ScoreType::kLocation));
  const auto annotations = random_tensor({1, 6, kUnits}, 3);
  const auto output = attention->forward({}, random_tensor({1, kUnits}, 2), AttentionState(),
                                         attention->precompute({}, annotations, mask_of({6}, 6)));
  EXPECT_EQ(output.weights.narrow(1, 4, 2).abs().sum().item<double>(), 0);
  EXPECT_NEAR(output.weights.sum().item<double>(), 1, 1e-12);
}

TEST(AttentionParts, ScaledDotWithHeadsIsLibTorchsMultiheadAttention) {
  auto options = options_of(ScoreType::kScaledDot, 2);
  options.width = kUnits;
  auto attention = random_attention(options);
  torch::nn::MultiheadAttention reference(
      torch::nn::MultiheadAttentionOptions(kUnits, 2).bias(false));
  reference->to(torch::kFloat64);
  {
    torch::NoGradGuard no_grad;
    reference->in_proj_weight.copy_(
        torch::cat({parameter(attention, "query.weight"), parameter(attention, "key.weight"),
                    parameter(attention, "value.weight")}));
    reference->out_proj->weight.copy_(parameter(attention, "output.weight"));
  }
  const auto queries = random_tensor({3, kUnits}, 2);
  const auto annotations = random_tensor({3, 5, kUnits}, 3);
  const auto mask = mask_of({5, 2, 1}, 5);
  const auto output = attention->forward({}, queries, AttentionState(),
                                         attention->precompute({}, annotations, mask));
  const auto by_position = annotations.transpose(0, 1);
  const auto [context, weights] =
      reference(queries.unsqueeze(0), by_position, by_position, mask.logical_not());
  EXPECT_LT(distance(output.context, context.squeeze(0)), 1e-12);
  EXPECT_LT(distance(output.weights, weights.squeeze(1)), 1e-12);
}

TEST(AttentionParts, LocalMonotonicSeesAWindowThatMovesAStepAtATime) {
  auto options = options_of(ScoreType::kDot);
  options.window = AttentionWindowType::kMonotonic;
  options.window_width = 1;
  auto attention = random_attention(options);
  const auto annotations = random_tensor({1, 6, kUnits}, 3);
  const auto outputs =
      steps(attention, random_tensor({7, 1, kUnits}, 2), annotations, mask_of({4}, 6));
  const std::vector<std::vector<int64_t>> seen{{0, 1}, {0, 1, 2}, {1, 2, 3}, {2, 3},
                                               {2, 3}, {2, 3},    {2, 3}};
  for (std::size_t t = 0; t < seen.size(); ++t) {
    auto expected = torch::zeros({6}, torch::kBool);
    for (const int64_t j : seen[t]) expected[j] = true;
    EXPECT_TRUE(torch::equal(outputs[t].weights[0] > 0, expected)) << "step " << t;
    EXPECT_NEAR(outputs[t].weights.sum().item<double>(), 1, 1e-12);
  }
}

TEST(AttentionParts, LocalPredictiveWeighsByADistanceFromWhereItExpectsToLook) {
  auto options = options_of(ScoreType::kDot);
  options.window = AttentionWindowType::kPredictive;
  auto attention = random_attention(options);
  const auto annotations = random_tensor({1, 8, kUnits}, 3);
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const auto query = random_tensor({1, kUnits}, seed);
    const auto output = attention->forward({}, query, AttentionState(),
                                           attention->precompute({}, annotations, mask_of({7}, 8)));
    const auto hidden = parameter(attention, "position_hidden.weight").matmul(query[0]).tanh();
    const double centre =
        7 / (1 + std::exp(-parameter(attention, "position.weight")[0].dot(hidden).item<double>()));
    double sum = 0;
    std::vector<double> expected;
    for (int64_t j = 0; j < 8; ++j) {
      const double e = annotations[0][j].dot(query[0]).item<double>();
      const bool seen = j < 7 && std::abs(static_cast<double>(j) - centre) <= 2;
      expected.push_back(seen ? std::exp(e) : 0);
      sum += expected.back();
    }
    for (int64_t j = 0; j < 8; ++j) {
      const double from_centre = static_cast<double>(j) - centre;
      EXPECT_NEAR(output.weights[0][j].item<double>(),
                  expected[static_cast<std::size_t>(j)] / sum *
                      std::exp(-from_centre * from_centre / 2),  // σ = 1
                  1e-12);
    }
  }
}

TEST(AttentionParts, LinguisticCoverageCountsWhatWasLookedAtByFertility) {
  auto options = options_of(ScoreType::kAdditive);
  options.coverage = CoverageType::kLinguistic;
  auto attention = random_attention(options);
  const auto annotations = random_tensor({1, 3, kUnits}, 3);
  const auto queries = random_tensor({3, 1, kUnits}, 2);
  const auto outputs = steps(attention, queries, annotations, mask_of({3}, 3));
  const auto fertility =
      2 * torch::sigmoid(annotations[0].matmul(parameter(attention, "fertility.weight")[0]));
  auto coverage = torch::zeros({3}, torch::kFloat64);
  for (int64_t t = 0; t < 3; ++t) {
    const auto hidden = torch::tanh(
        parameter(attention, "query.weight").matmul(queries[t][0]) +
        annotations[0].matmul(parameter(attention, "key.weight").t()) +
        parameter(attention, "key.bias") +
        coverage.unsqueeze(1) * parameter(attention, "coverage_key.weight").squeeze(1));  // [S, A]
    const auto weights = hidden.matmul(parameter(attention, "energy")).softmax(0);
    coverage = coverage + weights / fertility;
    const auto& output = outputs[static_cast<std::size_t>(t)];
    EXPECT_LT(distance(output.weights[0], weights), 1e-12) << "step " << t;
    EXPECT_LT(distance(output.state.coverage[0].squeeze(1), coverage), 1e-12);
  }
}

TEST(AttentionParts, NeuralCoverageIsAGruOverWeightAnnotationAndQuery) {
  auto options = options_of(ScoreType::kGeneral);
  options.coverage = CoverageType::kNeural;
  auto attention = random_attention(options);
  const auto annotations = random_tensor({1, 3, kUnits}, 3);
  const auto queries = random_tensor({3, 1, kUnits}, 2);
  const auto outputs = steps(attention, queries, annotations, mask_of({3}, 3));
  torch::nn::GRUCell reference(1 + 2 * kUnits, 3);
  reference->to(torch::kFloat64);
  {
    torch::NoGradGuard no_grad;
    reference->weight_ih.copy_(torch::cat({parameter(attention, "coverage_weight.weight"),
                                           parameter(attention, "coverage_annotation.weight"),
                                           parameter(attention, "coverage_query.weight")},
                                          1));
    reference->weight_hh.copy_(parameter(attention, "coverage_state.weight"));
    reference->bias_ih.copy_(parameter(attention, "coverage_weight.bias"));
    reference->bias_hh.copy_(parameter(attention, "coverage_state.bias"));
  }
  auto coverage = torch::zeros({3, 3}, torch::kFloat64);  // [S, D]
  for (int64_t t = 0; t < 3; ++t) {
    const auto keys = annotations[0].matmul(parameter(attention, "key.weight").t()) +
                      coverage.matmul(parameter(attention, "coverage_key.weight").t());
    const auto weights = keys.matmul(queries[t][0]).softmax(0);
    const auto input =
        torch::cat({weights.unsqueeze(1), annotations[0], queries[t].expand({3, kUnits})}, 1);
    coverage = reference(input, coverage);
    const auto& output = outputs[static_cast<std::size_t>(t)];
    EXPECT_LT(distance(output.weights[0], weights), 1e-12) << "step " << t;
    EXPECT_LT(distance(output.state.coverage[0], coverage), 1e-12);
  }
}

TEST(AttentionParts, WithoutAScoreEveryContextIsTheFixedVector) {
  auto attention = random_attention(options_of(ScoreType::kNone));
  const auto annotations = random_tensor({2, 3, kUnits}, 3), fixed = random_tensor({2, kUnits}, 4);
  auto memory = attention->precompute({}, annotations, mask_of({3, 2}, 3), fixed);
  memory.sets = torch::tensor({1, 0, 1});
  const auto output =
      attention->forward({}, random_tensor({3, kUnits}, 5), AttentionState(), memory);
  EXPECT_TRUE(torch::equal(output.context, fixed.index_select(0, memory.sets)));
  EXPECT_FALSE(output.weights.defined());
  EXPECT_FALSE(attention->has_weights());
  EXPECT_TRUE(attention->parameters().empty());
}

}  // namespace
}  // namespace weft
