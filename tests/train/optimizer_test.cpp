// Every optimizer against PyTorch's (tests/golden/train/make_golden.py), and what all of them
// promise.

#include "train/optimizer.h"

#include <gtest/gtest.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "config/enum_names.h"
#include "nn/random_module.h"

namespace weft {
namespace {

using nlohmann::json;

/// Which code runs, and how precisely it must agree with PyTorch's.
struct Path {
  const char* name;
  torch::ScalarType type;
  double tolerance;
};

const json& golden() {
  static const json all = json::parse(std::ifstream(WEFT_GOLDEN "/train/optimizers.json"));
  return all;
}

OptimizerOptions options_of(const json& test) {
  OptimizerOptions options;
  EXPECT_TRUE(from_name(test.at("type").get<std::string>(), options.type));
  const auto& given = test.at("options");
  options.beta1 = given.value("beta1", options.beta1);
  options.beta2 = given.value("beta2", options.beta2);
  options.epsilon = given.value("epsilon", options.epsilon);
  options.momentum = given.value("momentum", options.momentum);
  options.nesterov = given.value("nesterov", options.nesterov);
  options.weight_decay = given.value("weight_decay", options.weight_decay);
  options.clip_norm = 0;
  return options;
}

NamedTensors tensors_of(const json& lists, torch::ScalarType type) {
  NamedTensors tensors;
  for (const auto& [name, values] : lists.items()) {
    const auto shape = golden().at("shapes").at(name).get<std::vector<int64_t>>();
    tensors[name] =
        torch::tensor(values.get<std::vector<double>>(), torch::kFloat64).view(shape).to(type);
  }
  return tensors;
}

/// A path and the number of a golden case.
class OptimizerTest : public ::testing::TestWithParam<std::tuple<Path, int>> {
 protected:
  static const Path& path() { return std::get<0>(GetParam()); }
  static const json& test() {
    return golden().at("cases").at(static_cast<std::size_t>(std::get<1>(GetParam())));
  }
  static NamedTensors parameters() {
    auto tensors = tensors_of(golden().at("start"), path().type);
    for (auto& [name, tensor] : tensors) tensor.requires_grad_();
    return tensors;
  }
  static void set_gradients(NamedTensors& tensors, std::size_t update) {
    for (const auto& [name, gradient] :
         tensors_of(golden().at("gradients").at(update), path().type))
      tensors.at(name).mutable_grad() = gradient;
  }

  OptimizerOptions options_ = options_of(test());
};

INSTANTIATE_TEST_SUITE_P(
    All, OptimizerTest,
    ::testing::Combine(::testing::Values(Path{"PlainDouble", torch::kFloat64, 1e-12},
                                         Path{"KernelSingle", torch::kFloat32, 1e-5}),
                       ::testing::Range(0, static_cast<int>(golden().at("cases").size()))),
    [](const auto& tested) {
      const auto number = std::get<1>(tested.param);
      const auto& test = golden().at("cases").at(static_cast<std::size_t>(number));
      return std::get<0>(tested.param).name + std::to_string(number) +
             test.at("type").template get<std::string>();
    });

TEST(OptimizerGolden, HasACaseOfEveryType) {
  std::vector<std::string> types;
  for (const auto& test : golden().at("cases")) types.push_back(test.at("type"));
  for (const auto& name : all_names<OptimizerType>())
    EXPECT_GT(std::count(types.begin(), types.end(), name), 0) << name;
}

TEST_P(OptimizerTest, MovesTheParametersAsPyTorchDoes) {
  auto ours = parameters();
  const auto optimizer = make_optimizer(ours, {}, options_);
  const auto rates = golden().at("rates").get<std::vector<double>>();
  for (std::size_t update = 0; update < rates.size(); ++update) {
    set_gradients(ours, update);
    optimizer->step({rates[update], optimizer->gradient_norm(), 0});
    for (const auto& [name, expected] : tensors_of(test().at("after").at(update), path().type))
      EXPECT_LT(distance(ours.at(name), expected), path().tolerance) << name << ", " << update;
  }
  EXPECT_EQ(optimizer->updates(), static_cast<int64_t>(rates.size()));
}

TEST_P(OptimizerTest, ClipsTheGradientToTheNorm) {
  // As if the gradient had been scaled beforehand; one within the norm is left alone.
  for (const double norm : {0.5, 1e3}) {
    auto clipped = parameters(), scaled = parameters();
    options_.clip_norm = norm;
    const auto clipping = make_optimizer(clipped, {}, options_);
    options_.clip_norm = 0;
    const auto plain = make_optimizer(scaled, {}, options_);
    set_gradients(clipped, 0);
    set_gradients(scaled, 0);
    const double found = clipping->gradient_norm();
    for (auto& [name, tensor] : scaled) tensor.mutable_grad() *= std::min(1.0, norm / found);
    clipping->step({0.25, found, 0});
    plain->step({0.25, found, 0});
    for (const auto& [name, tensor] : clipped)
      EXPECT_LT(distance(tensor, scaled.at(name)), path().tolerance) << name << ", norm " << norm;
  }
}

TEST_P(OptimizerTest, KnowsTheNormOfAllGradientsTogether) {
  auto tensors = parameters();
  const auto optimizer = make_optimizer(tensors, {}, options_);
  EXPECT_EQ(optimizer->gradient_norm(), 0);  // there is none
  tensors.at("a").mutable_grad() = torch::tensor({2.0, 0.0, 0.0}).to(path().type);
  tensors.at("c").mutable_grad() = torch::tensor({-1.5}).to(path().type);
  EXPECT_NEAR(optimizer->gradient_norm(), 2.5, 1e-6);
  tensors.at("c").mutable_grad() = torch::tensor({std::nan("")}).to(path().type);
  EXPECT_TRUE(std::isnan(optimizer->gradient_norm()));
}

TEST_P(OptimizerTest, LeavesAParameterWithoutAGradientAlone) {
  auto tensors = parameters();
  const auto before = tensors.at("b").detach().clone();
  const auto optimizer = make_optimizer(tensors, {}, options_);
  set_gradients(tensors, 0);
  tensors.at("b").mutable_grad().reset();
  optimizer->step({0.5, optimizer->gradient_norm(), 0});
  EXPECT_TRUE(torch::equal(tensors.at("b"), before));
  for (const auto& [name, state] : optimizer->state()) {
    EXPECT_EQ(state.abs().max().item<double>() == 0, name.ends_with(".b")) << name;
  }
}

TEST_P(OptimizerTest, ClearsGradientsWithAndWithoutAnUpdate) {
  auto tensors = parameters();
  const auto before = tensors.at("a").detach().clone();
  const auto optimizer = make_optimizer(tensors, {}, options_);
  set_gradients(tensors, 0);
  optimizer->clear_gradients();
  EXPECT_FALSE(tensors.at("a").grad().defined());
  EXPECT_TRUE(torch::equal(tensors.at("a"), before));
  EXPECT_EQ(optimizer->updates(), 0);
  set_gradients(tensors, 0);
  optimizer->step({0.5, 1, 0});
  EXPECT_FALSE(tensors.at("a").grad().defined());
}

TEST_P(OptimizerTest, GoesOnFromItsStateBitForBit) {
  auto tensors = parameters(), others = parameters();
  const auto optimizer = make_optimizer(tensors, {}, options_);
  const auto other = make_optimizer(others, {}, options_);
  const auto update = [&](Optimizer& moving, NamedTensors& moved, std::size_t number) {
    set_gradients(moved, number);
    moving.step({0.5, moving.gradient_norm(), 0});
  };
  for (const std::size_t number : {0U, 1U, 2U}) update(*optimizer, tensors, number);
  {
    torch::NoGradGuard no_grad;
    for (auto& [name, tensor] : others) tensor.copy_(tensors.at(name));
    const auto state = optimizer->state();
    for (auto& [name, tensor] : other->state()) tensor.copy_(state.at(name));
    other->set_updates(3);
  }
  update(*optimizer, tensors, 3);
  update(*other, others, 3);
  for (const auto& [name, tensor] : tensors) EXPECT_TRUE(torch::equal(tensor, others.at(name)));
}

TEST_P(OptimizerTest, KeepsTheAverageOfAllWeightsAlsoWhereThereIsNoGradient) {
  auto tensors = parameters();
  NamedTensors averages, expected;
  for (const auto& [name, tensor] : tensors) {
    averages[name] = torch::full_like(tensor, 0.5).detach();
    expected[name] = averages[name].clone();
  }
  const auto optimizer = make_optimizer(tensors, averages, options_);
  for (const double decay : {0.875, 0.25}) {
    set_gradients(tensors, 1);
    tensors.at("c").mutable_grad().reset();
    optimizer->step({0.25, optimizer->gradient_norm(), decay});
    for (const auto& [name, tensor] : tensors) {
      expected[name] = decay * expected[name] + (1 - decay) * tensor.detach();
      EXPECT_LT(distance(averages[name], expected[name]), path().tolerance) << name;
    }
  }
}

// Beyond any kernel's block, where a golden file would be large.
TEST(AdamKernel, MovesLargeParametersAsLibTorchDoes) {
  auto ours = random_tensor({70, 1033}, 1).to(torch::kFloat32).requires_grad_();
  auto theirs = ours.detach().clone().requires_grad_();
  OptimizerOptions options;
  options.clip_norm = 2;
  const auto adam = make_optimizer({{"w", ours}}, {}, options);
  torch::optim::Adam reference(
      {theirs},
      torch::optim::AdamOptions(0.01).betas({options.beta1, options.beta2}).eps(options.epsilon));
  for (uint64_t update = 1; update <= 5; ++update) {
    const auto gradient = random_tensor({70, 1033}, 100 + update).to(torch::kFloat32);
    ours.mutable_grad() = gradient.clone();
    theirs.mutable_grad() = gradient.clone();
    const double norm = torch::nn::utils::clip_grad_norm_({theirs}, 2);
    EXPECT_NEAR(adam->gradient_norm(), norm, 1e-5 * norm);
    adam->step({0.01, norm, 0});
    reference.step();
    EXPECT_LT(distance(ours, theirs), 1e-5) << update;
  }
}

}  // namespace
}  // namespace weft
