#include "ops/backend_cases.h"

namespace weft::ops {
namespace {

class BackendTest : public ::testing::TestWithParam<BackendCase> {};

INSTANTIATE_TEST_SUITE_P(Cpu, BackendTest, ::testing::ValuesIn(backend_cases(/*for_gpu=*/false)),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(BackendTest, ComputesWhatThePlainTwinDoes) { expect_plain_twin(GetParam(), torch::kCPU); }

TEST(AdamUpdateUnseen, IsAdamUpdateIfItsNumbersAreFinite) {
  torch::manual_seed(1);
  constexpr double kUpdates = 3;
  const auto number = [](double value) { return torch::full({}, value, torch::kFloat64); };
  const Tensors start{torch::randn({4, 3}, torch::kFloat64), torch::randn({4, 3}, torch::kFloat64),
                      torch::randn({4, 3}, torch::kFloat64), torch::rand({4, 3}, torch::kFloat64)};
  const auto copies = [&] {
    Tensors copied;
    for (const auto& tensor : start) copied.push_back(tensor.clone());
    return copied;
  };
  const auto unseen = [&](const Tensors& x, double is_finite) {
    adam_update_unseen({}, {.parameters = {x[0]},
                            .gradients = {x[1]},
                            .means = {x[2]},
                            .variances = {x[3]},
                            .updates = number(kUpdates),
                            .gradient_divisor = number(4),
                            .is_finite = number(is_finite),
                            .rate = 0.1,
                            .beta1 = 0.9,
                            .beta2 = 0.99,
                            .epsilon = 1e-8});
  };
  const auto moved = copies(), expected = copies(), still = copies();
  unseen(moved, 1);
  adam_update({}, {{{expected[0], expected[1], expected[2], expected[3], {}}},
                   {.gradient_scale = 0.25,
                    .beta1 = 0.9,
                    .beta2 = 0.99,
                    .step_size = 0.1 / (1 - std::pow(0.9, kUpdates)),
                    .variance_scale = 1 / std::sqrt(1 - std::pow(0.99, kUpdates)),
                    .epsilon = 1e-8}});
  unseen(still, 0);
  for (std::size_t i = 0; i < start.size(); ++i) {
    EXPECT_TRUE(torch::allclose(moved[i], expected[i], 1e-12, 1e-12)) << i;
    EXPECT_TRUE(torch::equal(still[i], start[i])) << i;
  }
}

}  // namespace
}  // namespace weft::ops
