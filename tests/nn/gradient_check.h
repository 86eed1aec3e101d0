#pragma once
// Gradients that LibTorch works out, held against differences of the function itself.

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <functional>
#include <vector>

namespace weft {

/// Compares the gradient of `loss` (a scalar of float64) in every element of `inputs` (float64
/// leaves that require a gradient) with the central difference (f(x + h) - f(x - h)) / 2h.
inline void expect_gradients(const std::function<torch::Tensor()>& loss,
                             const std::vector<torch::Tensor>& inputs) {
  constexpr double kStep = 1e-5;
  const auto gradients = torch::autograd::grad({loss()}, inputs);
  torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    ASSERT_EQ(inputs[i].scalar_type(), torch::kFloat64);
    ASSERT_TRUE(inputs[i].is_contiguous());
    auto values = inputs[i].detach().view({-1});
    const auto gradient = gradients[i].contiguous().view({-1});
    for (int64_t k = 0; k < values.size(0); ++k) {
      const double at = values[k].item<double>();
      values[k] = at + kStep;
      const double above = loss().item<double>();
      values[k] = at - kStep;
      const double below = loss().item<double>();
      values[k] = at;
      const double numeric = (above - below) / (2 * kStep);
      EXPECT_NEAR(gradient[k].item<double>(), numeric, 1e-7 + 1e-6 * std::abs(numeric))
          << "input " << i << ", element " << k;
    }
  }
}

/// The same with one random direction for each of `inputs`, for models of many parameters. One that
/// the loss does not use has gradient 0.
inline void expect_gradients_along_directions(const std::function<torch::Tensor()>& loss,
                                              const std::vector<torch::Tensor>& inputs) {
  constexpr double kStep = 1e-5;
  constexpr bool kRetainGraph = false, kCreateGraph = false, kAllowUnused = true;
  auto gradients =
      torch::autograd::grad({loss()}, inputs, {}, kRetainGraph, kCreateGraph, kAllowUnused);
  torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!gradients[i].defined()) gradients[i] = torch::zeros_like(inputs[i]);
    auto values = inputs[i].detach();
    const auto direction = torch::randn_like(values);
    const auto start = values.clone();
    values.copy_(start + kStep * direction);
    const double above = loss().item<double>();
    values.copy_(start - kStep * direction);
    const double below = loss().item<double>();
    values.copy_(start);
    const double numeric = (above - below) / (2 * kStep);
    EXPECT_NEAR((gradients[i] * direction).sum().item<double>(), numeric,
                1e-6 + 1e-6 * std::abs(numeric))
        << "input " << i;
  }
}

}  // namespace weft
