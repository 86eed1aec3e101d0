#include "kernels/weight_gradients.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "kernels/cell_sequence.h"
#include "kernels/linear.h"

namespace weft::kernels {
namespace {

using torch::Tensor;

// A weight used at every step, by rows and once more in another way; and one that no product has.
struct Steps {
  Tensor weight = torch::randn({6, 4}).requires_grad_();
  Tensor bias = torch::randn({6}).requires_grad_();
  Tensor x = torch::randn({5, 3, 4});

  template <typename Affine>
  Tensor loss(const Affine& affine) const {
    Tensor sum = weight.square().sum();
    for (int64_t t = 0; t < x.size(0); ++t) {
      sum = sum + affine(x[t], weight, bias).square().sum();
      sum = sum + affine(x[t], weight.slice(0, 0, 2), bias.slice(0, 0, 2)).tanh().sum();
    }
    return sum;
  }
};

TEST(WeightGradients, AreThoseOfThePlainProducts) {
  torch::manual_seed(1);
  Steps steps;
  steps
      .loss(
          [](const Tensor& x, const Tensor& w, const Tensor& b) { return torch::linear(x, w, b); })
      .backward();
  const Tensor expected = steps.weight.grad().clone();
  const Tensor expected_bias = steps.bias.grad().clone();
  steps.weight.mutable_grad().reset();
  steps.bias.mutable_grad().reset();

  WeightGradients gradients;
  steps
      .loss([&](const Tensor& x, const Tensor& w, const Tensor& b) {
        return linear(x, w, b, {Precision::kFloat32, nullptr, &gradients});
      })
      .backward();
  EXPECT_FALSE(torch::allclose(steps.weight.grad(), expected, 1e-4, 1e-4)) << "nothing was left";
  gradients.finish();
  EXPECT_TRUE(torch::allclose(steps.weight.grad(), expected, 1e-4, 1e-4));
  EXPECT_TRUE(torch::allclose(steps.bias.grad(), expected_bias, 1e-4, 1e-4));
  gradients.finish();  // there is nothing left to add
  EXPECT_TRUE(torch::allclose(steps.weight.grad(), expected, 1e-4, 1e-4));
}

// A weight that is not trained gets no gradient, whatever product it is in.
TEST(WeightGradients, LeaveAFrozenWeightAlone) {
  torch::manual_seed(1);
  const Tensor state = torch::randn({3, 4}).requires_grad_();
  const Tensor memory = torch::randn({3, 8}).requires_grad_();
  const Tensor mask = torch::ones({3, 1}, torch::kBool);
  const std::vector<Tensor> frozen{torch::randn({12, 4}), torch::randn({16, 4}),
                                   torch::randn({12, 4})};
  WeightGradients gradients;
  const ProductContext context(Precision::kFloat32, nullptr, &gradients);
  const auto gru = gru_sequence(
      {torch::randn({3, 1, 12}), state, frozen[0], torch::randn({12}).requires_grad_(), mask},
      Direction::kForward, context);
  const auto lstm = lstm_sequence(
      {torch::randn({3, 1, 16}), memory, frozen[1], torch::randn({16}).requires_grad_(), mask},
      Direction::kForward, context);
  const auto map = linear(state, frozen[2], {}, context);
  (gru.sum() + lstm.sum() + map.sum()).backward();
  gradients.finish();
  EXPECT_TRUE(state.grad().defined());
  for (const auto& weight : frozen) EXPECT_FALSE(weight.grad().defined()) << weight.sizes();
}

TEST(WeightGradients, AreTheProductsOwnWithoutACollector) {
  const Tensor weight = torch::ones({2, 4}).requires_grad_();
  linear(torch::ones({3, 4}), weight, {}, Precision::kFloat32).sum().backward();
  EXPECT_TRUE(torch::equal(weight.grad(), torch::full({2, 4}, 3.0F)));
}

}  // namespace
}  // namespace weft::kernels
