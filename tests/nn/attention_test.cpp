#include "nn/attention.h"

#include <gtest/gtest.h>
#include <torch/optim/adam.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <vector>

#include "nn/additive_score.h"
#include "nn/gradient_check.h"
#include "nn/random_module.h"

namespace weft {
namespace {

constexpr int64_t kQuery = 3, kAnnotation = 4, kWidth = 5;

Attention additive(int64_t annotation = kAnnotation) {
  AttentionOptions options;
  options.width = kWidth;
  return Attention(options, AttentionWidths{kQuery, annotation});
}

Attention random_attention() {
  auto attention = additive();
  randomize(*attention, 1);
  return attention;
}

double at(const torch::Tensor& tensor, std::initializer_list<int64_t> place) {
  auto element = tensor;
  for (const int64_t index : place) element = element[index];
  return element.item<double>();
}

/// e_j = v^T tanh(W q + U h_j + b), element by element.
double energy(const Attention& attention, const torch::Tensor& query,
              const torch::Tensor& annotation) {
  const auto parameters = attention->named_parameters();
  double sum = 0;
  for (int64_t a = 0; a < kWidth; ++a) {
    double inner = at(parameters["key.bias"], {a});
    for (int64_t i = 0; i < kQuery; ++i)
      inner += at(parameters["query.weight"], {a, i}) * at(query, {i});
    for (int64_t i = 0; i < kAnnotation; ++i)
      inner += at(parameters["key.weight"], {a, i}) * at(annotation, {i});
    sum += at(parameters["energy"], {a}) * std::tanh(inner);
  }
  return sum;
}

TEST(Attention, TellsItsPartsWhetherItIsTraining) {
  auto attention = additive();
  const auto* score = attention->additive_softmax();
  EXPECT_TRUE(score->is_training());
  attention->eval();
  EXPECT_FALSE(score->is_training());
  attention->train();
  EXPECT_TRUE(score->is_training());
}

TEST(Attention, GivesTheValuesOfItsEquationsForSeveralQueriesPerSet) {
  auto attention = random_attention();
  const std::vector<int64_t> lengths{4, 2, 1};
  const auto annotations = random_tensor({3, 4, kAnnotation}, 2);
  const auto queries = random_tensor({6, kQuery}, 3);  // two of each set
  auto memory = attention->precompute({}, annotations, mask_of(lengths, 4));
  memory.sets = torch::arange(6).floor_divide(2);
  const auto output = attention->forward({}, queries, AttentionState{}, memory);
  ASSERT_EQ(output.weights.sizes(), (std::vector<int64_t>{6, 4}));
  ASSERT_EQ(output.context.sizes(), (std::vector<int64_t>{6, kAnnotation}));
  for (int64_t n = 0; n < 6; ++n) {
    const int64_t set = n / 2, length = lengths[static_cast<std::size_t>(set)];
    std::vector<double> exps;
    double total = 0;
    for (int64_t j = 0; j < length; ++j) {
      exps.push_back(std::exp(energy(attention, queries[n], annotations[set][j])));
      total += exps.back();
    }
    std::vector<double> context(kAnnotation, 0);
    for (int64_t j = 0; j < length; ++j) {
      const double weight = exps[static_cast<std::size_t>(j)] / total;
      EXPECT_NEAR(at(output.weights, {n, j}), weight, 1e-12) << n << ", " << j;
      for (int64_t c = 0; c < kAnnotation; ++c)
        context[static_cast<std::size_t>(c)] += weight * at(annotations, {set, j, c});
    }
    for (int64_t c = 0; c < kAnnotation; ++c)
      EXPECT_NEAR(at(output.context, {n, c}), context[static_cast<std::size_t>(c)], 1e-12);
  }
}

TEST(Attention, GivesPaddingExactlyNothingAndRowsThatSumToOne) {
  auto attention = random_attention();
  attention->to(torch::kFloat32);
  const auto annotations = random_tensor({3, 5, kAnnotation}, 2).to(torch::kFloat32);
  const auto mask = mask_of({5, 3, 1}, 5);
  const auto weights = attention
                           ->forward({}, random_tensor({3, kQuery}, 3).to(torch::kFloat32),
                                     AttentionState{}, attention->precompute({}, annotations, mask))
                           .weights;
  EXPECT_EQ(weights.masked_select(mask.logical_not()).abs().max().item<float>(), 0);
  EXPECT_LT(distance(weights.sum(1), torch::ones({3})), 1e-6);
  EXPECT_EQ(weights[2][0].item<float>(), 1);  // S = 1: there is nothing else to look at
}

TEST(Attention, DoesNotReadWhatPaddingHolds) {
  auto attention = random_attention();
  const auto annotations = random_tensor({2, 4, kAnnotation}, 2);
  const auto mask = mask_of({2, 4}, 4);
  const auto queries = random_tensor({2, kQuery}, 3);
  const auto noisy =
      torch::where(mask.unsqueeze(2), annotations, torch::full_like(annotations, 1e6));
  const auto clean = attention->forward({}, queries, AttentionState{},
                                        attention->precompute({}, annotations, mask));
  const auto other =
      attention->forward({}, queries, AttentionState{}, attention->precompute({}, noisy, mask));
  EXPECT_TRUE(torch::equal(clean.weights, other.weights));
  EXPECT_TRUE(torch::equal(clean.context, other.context));
  const auto alone = attention->forward(
      {}, queries.narrow(0, 0, 1), AttentionState{},
      attention->precompute({}, annotations.narrow(0, 0, 1).narrow(1, 0, 2), mask_of({2}, 2)));
  EXPECT_LT(distance(alone.context, clean.context.narrow(0, 0, 1)), 1e-14);
}

TEST(Attention, AnswersAQueryTheSameInEveryCompany) {
  auto attention = random_attention();
  auto memory =
      attention->precompute({}, random_tensor({2, 4, kAnnotation}, 2), mask_of({4, 3}, 4));
  const auto queries = random_tensor({6, kQuery}, 3);
  const auto sets = torch::tensor({1, 0, 0, 1, 0, 1});
  memory.sets = sets;
  const auto together = attention->forward({}, queries, AttentionState{}, memory);
  for (int64_t n = 0; n < 6; ++n) {
    memory.sets = sets.narrow(0, n, 1);
    const auto alone = attention->forward({}, queries.narrow(0, n, 1), AttentionState{}, memory);
    EXPECT_LT(distance(alone.weights, together.weights.narrow(0, n, 1)), 1e-14) << n;
  }
}

TEST(Attention, RefusesASetThatIsNotThere) {
  auto attention = random_attention();
  auto memory =
      attention->precompute({}, random_tensor({2, 4, kAnnotation}, 2), mask_of({4, 3}, 4));
  memory.sets = torch::tensor({0, 2});
  EXPECT_THROW(attention->forward({}, random_tensor({2, kQuery}, 3), AttentionState{}, memory),
               c10::Error);
}

TEST(Attention, HasTheGradientsOfItsFunction) {
  auto attention = random_attention();
  const auto annotations = random_tensor({2, 3, kAnnotation}, 2).requires_grad_();
  const auto queries = random_tensor({4, kQuery}, 3).requires_grad_();
  const auto of_context = random_tensor({4, kAnnotation}, 4), of_weights = random_tensor({4, 3}, 5);
  auto inputs = attention->parameters();
  inputs.push_back(annotations);
  inputs.push_back(queries);
  expect_gradients(
      [&] {
        auto memory = attention->precompute({}, annotations, mask_of({3, 2}, 3));
        memory.sets = torch::tensor({0, 1, 1, 0});
        const auto output = attention->forward({}, queries, AttentionState{}, memory);
        return (output.context * of_context).sum() + (output.weights * of_weights).sum();
      },
      inputs);
}

TEST(Attention, LearnsToFindTheMarkedAnnotation) {
  torch::manual_seed(1);
  auto attention = additive(2);
  attention->initialize();
  torch::optim::Adam optimizer(attention->parameters(), torch::optim::AdamOptions(0.05));
  const auto queries = torch::zeros({32, kQuery});
  double loss_value = 0;
  for (int step = 0; step < 100; ++step) {
    const auto place = torch::randint(0, 5, {32}, torch::kInt64);
    const auto marks = torch::one_hot(place, 5).to(torch::kFloat32);  // [B, S]
    const auto annotations = torch::stack({marks, torch::rand({32, 5})}, 2);
    const auto output = attention->forward(
        {}, queries, AttentionState{},
        attention->precompute({}, annotations, torch::ones({32, 5}, torch::kBool)));
    const auto loss = -output.weights.gather(1, place.unsqueeze(1)).log().mean();
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    loss_value = loss.item<double>();
  }
  EXPECT_LT(loss_value, 0.1);  // log 5 = 1.61 when looking everywhere alike
}

}  // namespace
}  // namespace weft
