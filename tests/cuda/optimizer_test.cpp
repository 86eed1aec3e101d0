// Updates that a GPU decides on by itself against those of the processor.

#include "train/optimizer.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <limits>

#include "config/enum_names.h"
#include "cuda/gpu.h"
#include "nn/random_module.h"

namespace weft {
namespace {

class GpuOptimizer : public GpuFixture<::testing::TestWithParam<OptimizerType>> {
 protected:
  static NamedTensors tensors_on(const torch::Device& device, uint64_t seed) {
    NamedTensors tensors;
    tensors["matrix"] = random_tensor({30, 40}, seed).to(torch::kFloat32).to(device);
    tensors["vector"] = random_tensor({17}, seed + 1).to(torch::kFloat32).to(device);
    return tensors;
  }

  static NamedTensors parameters_on(const torch::Device& device) {
    auto tensors = tensors_on(device, 1);
    for (auto& [name, tensor] : tensors) tensor.set_requires_grad(true);
    return tensors;
  }

  static void set_gradients(NamedTensors& parameters, uint64_t number, bool finite) {
    const auto device = parameters.begin()->second.device();
    for (auto& [name, gradient] : tensors_on(device, 10 + number)) {
      if (!finite) gradient.flatten()[3] = std::numeric_limits<float>::quiet_NaN();
      parameters.at(name).mutable_grad() = gradient.clone();
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Types, GpuOptimizer,
                         ::testing::Values(OptimizerType::kAdam, OptimizerType::kAdamW),
                         [](const auto& tested) { return to_name(tested.param); });

TEST_P(GpuOptimizer, MovesWeightsAndAveragesAsTheProcessorDoes) {
  OptimizerOptions options;
  options.type = GetParam();
  options.clip_norm = 30;  // some of the gradients are longer
  auto here = parameters_on(torch::kCPU), there = parameters_on(gpu_);
  auto averages = tensors_on(torch::kCPU, 5), averages_there = tensors_on(gpu_, 5);
  const auto expected = make_optimizer(here, averages, options);
  const auto found = make_optimizer(there, averages_there, options);
  ASSERT_TRUE(found->steps_unseen());
  ASSERT_FALSE(expected->steps_unseen());
  for (uint64_t update = 0; update < 6; ++update) {
    const bool finite = update != 2;  // such an update moves nothing, and does not count
    set_gradients(here, update, finite);
    set_gradients(there, update, finite);
    const double norm = expected->gradient_norm();
    const double norm_there = found->step_unseen(0.01, 0.9).item<double>();
    EXPECT_EQ(std::isfinite(norm_there), finite);
    if (!finite) {
      expected->clear_gradients();
      continue;
    }
    EXPECT_NEAR(norm_there, norm, 1e-5 * norm);
    expected->step({0.01, norm, 0.9});
  }
  for (const auto& [name, parameter] : here) {
    EXPECT_LT(relative_distance(there.at(name), parameter), 1e-5) << name;
    EXPECT_LT(relative_distance(averages_there.at(name), averages.at(name)), 1e-5) << name;
    EXPECT_FALSE(there.at(name).grad().defined());
  }
  const auto state = found->state();
  for (const auto& [name, tensor] : expected->state())
    EXPECT_LT(relative_distance(state.at(name), tensor), 1e-4) << name;
}

}  // namespace
}  // namespace weft
