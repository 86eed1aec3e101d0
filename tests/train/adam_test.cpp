#include "train/adam.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "nn/fast_path.h"
#include "nn/random_module.h"

namespace weft {
namespace {

/// Which code runs, and how precisely it must agree with PyTorch's.
struct Path {
  const char* name;
  torch::ScalarType type;
  bool plain;
  double tolerance;
};

class AdamTest : public ::testing::TestWithParam<Path> {
 protected:
  AdamTest() {
    if (GetParam().plain) plain_ = std::make_unique<PlainGuard>();
    options_.beta1 = 0.8;
    options_.beta2 = 0.95;
    options_.epsilon = 1e-3;
    options_.clip_norm = 0;
  }

  torch::Tensor numbers(at::IntArrayRef shape, uint64_t seed) const {
    return random_tensor(shape, seed).to(GetParam().type);
  }

  /// Parameters of several shapes, the larger ones beyond any kernel's block.
  NamedTensors parameters() const {
    NamedTensors tensors{
        {"a", numbers({3}, 1)}, {"b", numbers({70, 33}, 2)}, {"c", numbers({1}, 3)}};
    for (auto& [name, tensor] : tensors) tensor.requires_grad_();
    return tensors;
  }

  /// New gradients, the same for the same `update`.
  void set_gradients(NamedTensors& tensors, uint64_t update) const {
    uint64_t seed = 100 * update;
    for (auto& [name, tensor] : tensors) tensor.mutable_grad() = numbers(tensor.sizes(), ++seed);
  }

  /// Ten updates beside PyTorch's.
  void expect_pytorch(double clip_norm, double tolerance) {
    options_.clip_norm = clip_norm;
    auto ours = parameters(), theirs = parameters();
    Adam adam(ours, {}, options_);
    std::vector<torch::Tensor> list;
    for (auto& [name, tensor] : theirs) list.push_back(tensor);
    torch::optim::AdamOptions reference_options;
    reference_options.betas({options_.beta1, options_.beta2}).eps(options_.epsilon);
    torch::optim::Adam reference(list, reference_options);
    for (uint64_t update = 1; update <= 10; ++update) {
      const double rate = 0.1 / static_cast<double>(update);
      set_gradients(ours, update);
      set_gradients(theirs, update);
      const double norm = adam.gradient_norm();
      adam.step({rate, norm, 0});
      if (clip_norm > 0) {
        EXPECT_NEAR(torch::nn::utils::clip_grad_norm_(list, clip_norm), norm, 1e-5 * norm);
      }
      static_cast<torch::optim::AdamOptions&>(reference.param_groups()[0].options()).lr(rate);
      reference.step();
      for (const auto& [name, tensor] : ours)
        EXPECT_LT(distance(tensor, theirs.at(name)), tolerance) << name << ", update " << update;
    }
    EXPECT_EQ(adam.updates(), 10);
  }

  std::unique_ptr<PlainGuard> plain_;
  OptimizerOptions options_;
};

INSTANTIATE_TEST_SUITE_P(Paths, AdamTest,
                         ::testing::Values(Path{"Double", torch::kFloat64, true, 1e-12},
                                           Path{"PlainSingle", torch::kFloat32, true, 1e-5},
                                           Path{"KernelSingle", torch::kFloat32, false, 1e-5}),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(AdamTest, MovesTheParametersAsPyTorchDoes) { expect_pytorch(0, GetParam().tolerance); }

TEST_P(AdamTest, ClipsTheGradientAsPyTorchDoes) {
  // PyTorch divides by the norm + 1e-6, which is seen in double precision.
  expect_pytorch(2, std::max(GetParam().tolerance, 1e-7));
}

TEST_P(AdamTest, DoesNotClipAGradientWithinTheNorm) { expect_pytorch(1e3, GetParam().tolerance); }

TEST_P(AdamTest, KnowsTheNormOfAllGradientsTogether) {
  auto tensors = parameters();
  Adam adam(tensors, {}, options_);
  EXPECT_EQ(adam.gradient_norm(), 0);  // there is none
  tensors.at("a").mutable_grad() = torch::tensor({2.0, 0.0, 0.0}).to(GetParam().type);
  tensors.at("c").mutable_grad() = torch::tensor({-1.5}).to(GetParam().type);
  EXPECT_NEAR(adam.gradient_norm(), 2.5, 1e-6);
  tensors.at("c").mutable_grad() = torch::tensor({std::nan("")}).to(GetParam().type);
  EXPECT_TRUE(std::isnan(adam.gradient_norm()));
}

TEST_P(AdamTest, LeavesAParameterWithoutAGradientAlone) {
  auto tensors = parameters();
  const auto before = tensors.at("b").detach().clone();
  Adam adam(tensors, {}, options_);
  set_gradients(tensors, 1);
  tensors.at("b").mutable_grad().reset();
  adam.step({0.1, adam.gradient_norm(), 0});
  EXPECT_TRUE(torch::equal(tensors.at("b"), before));
  EXPECT_EQ(adam.state().at("m.b").abs().max().item<double>(), 0);
  EXPECT_GT(adam.state().at("m.a").abs().max().item<double>(), 0);
}

TEST_P(AdamTest, ClearsGradientsWithAndWithoutAnUpdate) {
  auto tensors = parameters();
  const auto before = tensors.at("a").detach().clone();
  Adam adam(tensors, {}, options_);
  set_gradients(tensors, 1);
  adam.clear_gradients();
  EXPECT_FALSE(tensors.at("a").grad().defined());
  EXPECT_TRUE(torch::equal(tensors.at("a"), before));
  EXPECT_EQ(adam.updates(), 0);
  set_gradients(tensors, 1);
  adam.step({0.1, 1, 0});
  EXPECT_FALSE(tensors.at("a").grad().defined());
}

TEST_P(AdamTest, GoesOnFromItsStateBitForBit) {
  auto tensors = parameters(), others = parameters();
  Adam adam(tensors, {}, options_), other(others, {}, options_);
  const auto update = [&](Adam& optimizer, NamedTensors& parameters, uint64_t number) {
    set_gradients(parameters, number);
    optimizer.step({0.1, optimizer.gradient_norm(), 0});
  };
  for (const uint64_t number : {1, 2, 3}) update(adam, tensors, number);
  {
    torch::NoGradGuard no_grad;
    for (auto& [name, tensor] : others) tensor.copy_(tensors.at(name));
    const auto state = adam.state();
    for (auto& [name, tensor] : other.state()) tensor.copy_(state.at(name));
    other.set_updates(3);
  }
  update(adam, tensors, 4);
  update(other, others, 4);
  for (const auto& [name, tensor] : tensors) EXPECT_TRUE(torch::equal(tensor, others.at(name)));
}

TEST_P(AdamTest, KeepsTheAverageOfTheNewWeights) {
  auto tensors = parameters();
  NamedTensors averages, expected;
  for (const auto& [name, tensor] : tensors) {
    averages[name] = numbers(tensor.sizes(), 9);
    expected[name] = averages[name].clone();
  }
  Adam adam(tensors, averages, options_);
  for (const double decay : {0.9, 0.25}) {
    set_gradients(tensors, 1);
    adam.step({0.1, adam.gradient_norm(), decay});
    for (const auto& [name, tensor] : tensors) {
      expected[name] = decay * expected[name] + (1 - decay) * tensor.detach();
      EXPECT_LT(distance(averages[name], expected[name]), GetParam().tolerance) << name;
    }
  }
}

}  // namespace
}  // namespace weft
