#pragma once
// Holds a kernel's values and gradients against a float64 twin's.

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>

#include <functional>
#include <vector>

namespace weft::kernels {

/// A differentiable function of some tensors to some tensors.
using TensorFunction = std::function<std::vector<torch::Tensor>(const std::vector<torch::Tensor>&)>;

struct Tolerance {
  double relative = 1e-4;
  double absolute = 1e-5;
};

inline void expect_close(const torch::Tensor& actual, const torch::Tensor& expected,
                         const Tolerance& tolerance, const std::string& name) {
  ASSERT_EQ(actual.sizes(), expected.sizes()) << name;
  const auto difference = (actual.to(torch::kFloat64) - expected).abs();
  // Relative to the size of the whole tensor: sums cancel in single elements.
  const double scale = expected.numel() > 0 ? expected.abs().max().item<double>() : 0;
  const double worst = expected.numel() > 0 ? difference.max().item<double>() : 0;
  EXPECT_LE(worst, tolerance.absolute + tolerance.relative * scale) << name;
  EXPECT_FALSE(actual.isnan().any().item<bool>()) << name;
}

/// bool [B, S]: sentences of all lengths from 1 to S.
inline torch::Tensor triangle_mask(int64_t batch, int64_t steps) {
  const auto lengths = torch::arange(batch).remainder(steps) + 1;
  return torch::arange(steps).unsqueeze(0) < lengths.unsqueeze(1);
}

/// Runs `kernel` on float32 and `twin` on float64 copies of `inputs` (floating-point tensors all
/// get gradients), with the same random gradients for every output, and compares outputs and
/// gradients. `finish` completes the kernel's gradients.
inline void expect_same_function(
    const TensorFunction& kernel, const TensorFunction& twin,
    const std::vector<torch::Tensor>& inputs, const Tolerance& tolerance = {},
    const std::function<void()>& finish = [] {}) {
  std::vector<torch::Tensor> narrow;
  std::vector<torch::Tensor> wide;
  for (const auto& input : inputs) {
    narrow.push_back(input.detach().clone().set_requires_grad(true));
    wide.push_back(input.detach().to(torch::kFloat64).set_requires_grad(true));
  }
  const auto outputs = kernel(narrow);
  const auto expected = twin(wide);
  ASSERT_EQ(outputs.size(), expected.size());
  torch::Tensor narrow_sum = torch::zeros({});
  torch::Tensor wide_sum = torch::zeros({}, torch::kFloat64);
  for (size_t i = 0; i < outputs.size(); ++i) {
    expect_close(outputs[i].detach(), expected[i].detach(), tolerance,
                 "output " + std::to_string(i));
    const auto weights = torch::randn(outputs[i].sizes()).to(outputs[i].device());
    narrow_sum = narrow_sum + (outputs[i] * weights).sum();
    wide_sum = wide_sum + (expected[i] * weights.to(torch::kFloat64)).sum();
  }
  narrow_sum.backward();
  finish();
  wide_sum.backward();
  for (size_t i = 0; i < inputs.size(); ++i) {
    ASSERT_TRUE(narrow[i].grad().defined()) << "gradient " << i;
    expect_close(narrow[i].grad(), wide[i].grad(), tolerance, "gradient " + std::to_string(i));
  }
}

/// To the last bit on the processor; a GPU may add up in another order.
inline void expect_same(const torch::Tensor& found, const torch::Tensor& expected,
                        const std::string& name) {
  if (found.is_cpu())
    EXPECT_TRUE(torch::equal(found, expected)) << name;
  else
    expect_close(found, expected.to(torch::kFloat64), {1e-5, 1e-6}, name);
}

/// One graph may be asked several times, for all gradients or for each alone, with the same
/// answers.
inline void expect_repeatable_gradients(const TensorFunction& kernel,
                                        const std::vector<torch::Tensor>& inputs) {
  std::vector<torch::Tensor> leaves;
  for (const auto& input : inputs) leaves.push_back(input.detach().clone().set_requires_grad(true));
  torch::Tensor sum = torch::zeros({});
  for (const auto& output : kernel(leaves))
    sum = sum + (output * torch::randn(output.sizes()).to(output.device())).sum();
  const auto gradients = [&](const std::vector<torch::Tensor>& of) {
    return torch::autograd::grad({sum}, of, {}, /*retain_graph=*/true);
  };
  const auto first = gradients(leaves);
  for (size_t i = 0; i < leaves.size(); ++i)
    expect_same(gradients({leaves[i]})[0], first[i], "gradient " + std::to_string(i) + " alone");
  const auto again = gradients(leaves);
  for (size_t i = 0; i < leaves.size(); ++i)
    expect_same(again[i], first[i], "gradient " + std::to_string(i) + " again");
}

}  // namespace weft::kernels
