#include "kernels/additive_attention.h"

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>

#include "kernels/gradient_compare.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

// 2 sentences of 4 and 3 tokens that three steps read; the query of a step depends on the context
// before it, as in a decoder.
struct Decoding {
  Tensor query = torch::randn({2, 5}).requires_grad_();
  Tensor keys = torch::randn({2, 4, 5}).requires_grad_();
  Tensor energy = torch::randn({5}).requires_grad_();
  Tensor values = torch::randn({2, 4, 5}).requires_grad_();
  Tensor mask = torch::tensor({{1, 1, 1, 1}, {1, 1, 1, 0}}).to(torch::kBool);

  std::vector<Tensor> parameters() const { return {query, keys, energy, values}; }

  template <typename Attend>
  Tensor loss(const Attend& attend) const {
    Tensor sum = keys.square().sum();  // something else reads the keys
    Tensor read = query;
    for (int step = 1; step <= 3; ++step) {
      const AttentionStepOutput attended = attend(read);
      sum = sum + step * attended.context.tanh().sum() + attended.weights.square().sum();
      read = query + attended.context;
    }
    return sum;
  }
};

AttentionStepOutput plain(const Tensor& query, const Decoding& d) {
  const auto energies = torch::tanh(query.unsqueeze(1) + d.keys).matmul(d.energy);
  const auto weights = torch::softmax(energies.masked_fill(~d.mask, -INFINITY), 1);
  return {torch::bmm(weights.unsqueeze(1), d.values).squeeze(1), weights};
}

TEST(AdditiveAttention, HasTheValueAndTheGradientsOfThePlainEquations) {
  torch::manual_seed(3);
  const Decoding decoding;
  const auto expected = decoding.loss([&](const Tensor& q) { return plain(q, decoding); });
  const auto shared =
      share_attention({{}, decoding.keys, decoding.energy, decoding.values, decoding.mask, {}});
  const auto actual = decoding.loss([&](const Tensor& q) { return additive_attention(q, shared); });
  EXPECT_NEAR(actual.item<float>(), expected.item<float>(), 1e-4);
  const auto gradients = torch::autograd::grad({actual}, decoding.parameters());
  const auto references = torch::autograd::grad({expected}, decoding.parameters());
  for (std::size_t i = 0; i < references.size(); ++i) {
    EXPECT_TRUE(torch::allclose(gradients[i], references[i], 1e-4, 1e-5))
        << i << ": " << gradients[i] << "\nexpected " << references[i];
  }
}

TEST(AdditiveAttention, GivesTheSameGradientsAgain) {
  torch::manual_seed(4);
  const Decoding decoding;
  const auto shared =
      share_attention({{}, decoding.keys, decoding.energy, decoding.values, decoding.mask, {}});
  const auto loss = decoding.loss([&](const Tensor& q) { return additive_attention(q, shared); });
  const auto gradients = [&] {
    return torch::autograd::grad({loss}, decoding.parameters(), {}, /*retain_graph=*/true);
  };
  const auto first = gradients();
  const auto second = gradients();
  for (std::size_t i = 0; i < first.size(); ++i)
    EXPECT_TRUE(torch::equal(first[i], second[i])) << i;
}

// A pass that only asks for the queries' gradient leaves nothing behind for the next one.
TEST(AdditiveAttention, AskingForAPartLeavesTheRestAsItIs) {
  torch::manual_seed(5);
  const Decoding decoding;
  const auto loss = [&] {
    const auto shared =
        share_attention({{}, decoding.keys, decoding.energy, decoding.values, decoding.mask, {}});
    return decoding.loss([&](const Tensor& q) { return additive_attention(q, shared); });
  };
  const auto expected = torch::autograd::grad({loss()}, decoding.parameters());
  for (std::size_t part = 0; part < expected.size(); ++part) {
    const auto again = loss();
    const auto alone =
        torch::autograd::grad({again}, {decoding.parameters()[part]}, {}, /*retain_graph=*/true);
    EXPECT_TRUE(torch::equal(alone[0], expected[part])) << part << " alone";
    const auto all = torch::autograd::grad({again}, decoding.parameters());
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_TRUE(torch::equal(all[i], expected[i])) << i << " after " << part << " alone";
  }
}

TEST(AdditiveAttention, WithoutAStepChangesNoGradient) {
  const Decoding decoding;
  share_attention({{}, decoding.keys, decoding.energy, decoding.values, decoding.mask, {}});
  const auto gradient = torch::autograd::grad({decoding.keys.square().sum()}, {decoding.keys})[0];
  EXPECT_TRUE(torch::allclose(gradient, 2 * decoding.keys));
}

}  // namespace
}  // namespace weft::kernels
