// Sparsemax and 1.5-entmax, against other ways to the same distributions: sparsemax by trying every
// support, entmax by halving the interval of its threshold.

#include <gtest/gtest.h>
#include <torch/autograd.h>
#include <torch/types.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "nn/entmax.h"
#include "nn/gradient_check.h"
#include "nn/random_module.h"
#include "nn/sparsemax.h"

namespace weft {
namespace {

using Row = std::vector<double>;
using Map = std::function<torch::Tensor(const torch::Tensor&)>;

/// argmin_p ||p - e||² over the simplex: of all supports, the one whose best point is nearest.
Row nearest_point(const Row& energies) {
  Row best;
  double best_distance = std::numeric_limits<double>::infinity();
  for (unsigned support = 1; support < 1U << energies.size(); ++support) {
    double sum = 0, count = 0, distance = 0;
    bool valid = true;
    const auto contains = [&](std::size_t j) { return ((support >> j) & 1U) != 0; };
    for (std::size_t j = 0; j < energies.size(); ++j) {
      if (!contains(j)) continue;
      sum += energies[j];
      ++count;
    }
    Row p;
    for (std::size_t j = 0; j < energies.size(); ++j) {
      p.push_back(contains(j) ? energies[j] - (sum - 1) / count : 0);
      valid = valid && p[j] >= 0;
      distance += (p[j] - energies[j]) * (p[j] - energies[j]);
    }
    if (!valid || distance >= best_distance) continue;
    best_distance = distance;
    best = p;
  }
  return best;
}

/// p_j = max(e_j / 2 - τ, 0)², with the τ that makes them sum to 1.
Row by_halving(const Row& energies) {
  const auto with_threshold = [&](double threshold) {
    Row p;
    for (const double e : energies) {
      const double root = std::max(e / 2 - threshold, 0.0);
      p.push_back(root * root);
    }
    return p;
  };
  double low = -100, high = 100;
  for (int i = 0; i < 200; ++i) {
    double sum = 0;
    for (const double p : with_threshold((low + high) / 2)) sum += p;
    (sum > 1 ? low : high) = (low + high) / 2;
  }
  return with_threshold(low);
}

struct Tested {
  std::string name;
  Map map;
  std::function<Row(const Row&)> reference;
};

class SparseAttentionTest : public ::testing::TestWithParam<Tested> {};

INSTANTIATE_TEST_SUITE_P(Maps, SparseAttentionTest,
                         ::testing::Values(Tested{"Sparsemax", sparsemax, nearest_point},
                                           Tested{"Entmax15", entmax15, by_halving}),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(SparseAttentionTest, GivesTheDistributionOfItsDefinition) {
  int zeros = 0, inside = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const auto energies = random_tensor({2, 3, 6}, seed) * (static_cast<double>(seed % 4 + 1) / 2);
    const auto p = GetParam().map(energies);
    ASSERT_EQ(p.sizes(), energies.sizes());
    const auto rows = energies.view({6, 6}), of_rows = p.view({6, 6});
    for (int64_t n = 0; n < 6; ++n) {
      const auto row = rows[n].contiguous();
      const Row expected =
          GetParam().reference({row.data_ptr<double>(), row.data_ptr<double>() + row.numel()});
      for (int64_t j = 0; j < 6; ++j) {
        EXPECT_NEAR(of_rows[n][j].item<double>(), expected[static_cast<std::size_t>(j)], 1e-12);
        ++(of_rows[n][j].item<double>() == 0 ? zeros : inside);
      }
    }
  }
  EXPECT_GT(zeros, 50);  // or else nothing was tested
  EXPECT_GT(inside, 50);
}

TEST_P(SparseAttentionTest, GivesPaddingNothingAndDoesNotChangeForIt) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  const auto energies = random_tensor({3, 4}, 1);
  const auto padded = torch::constant_pad_nd(energies, {0, 3}, -kInfinite);
  const auto p = GetParam().map(padded);
  EXPECT_LT(distance(p.narrow(1, 0, 4), GetParam().map(energies)), 1e-14);
  EXPECT_EQ(p.narrow(1, 4, 3).abs().sum().item<double>(), 0);
  const auto only = torch::tensor({{-kInfinite, 1e30, -kInfinite}}, torch::kFloat64);
  EXPECT_TRUE(
      torch::equal(GetParam().map(only), torch::tensor({{0.0, 1.0, 0.0}}, torch::kFloat64)));
  EXPECT_EQ(GetParam().map(random_tensor({1, 1}, 2)).item<double>(), 1);
}

TEST_P(SparseAttentionTest, SharesEquallyAmongEquals) {
  const auto p = GetParam().map(torch::full({2, 5}, 3.0, torch::kFloat64));
  EXPECT_LT(distance(p, torch::full({2, 5}, 0.2, torch::kFloat64)), 1e-14);
}

TEST_P(SparseAttentionTest, HasTheGradientsOfItsFunctionAndNoneAtPadding) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  const auto energies = random_tensor({6, 5}, 3).requires_grad_();
  const auto of_p = random_tensor({6, 5}, 4);
  expect_gradients([&] { return (GetParam().map(energies) * of_p).sum(); }, {energies});
  const auto padding = mask_of({5, 3, 1, 2, 4, 5}, 5).logical_not();
  const auto loss = (GetParam().map(energies.masked_fill(padding, -kInfinite)) * of_p).sum();
  const auto gradient = torch::autograd::grad({loss}, {energies})[0];
  EXPECT_TRUE(gradient.isfinite().all().item<bool>());
  EXPECT_EQ(gradient.masked_select(padding).abs().sum().item<double>(), 0);
}

// A row of what is no number has weights that are none, and spoils itself alone.
TEST_P(SparseAttentionTest, GivesNanForNan) {
  auto energies = random_tensor({3, 4}, 6);
  energies[0].fill_(std::nan(""));
  energies[1][2] = std::numeric_limits<double>::infinity();
  energies.requires_grad_();
  const auto p = GetParam().map(energies);
  EXPECT_TRUE(p[0].isnan().all().item<bool>());
  EXPECT_TRUE(p[1].isnan().any().item<bool>());
  EXPECT_NEAR(p[2].sum().item<double>(), 1, 1e-12);
  p.square().sum().backward();
  EXPECT_TRUE(energies.grad()[0].isnan().any().item<bool>());
  EXPECT_TRUE(energies.grad()[2].isfinite().all().item<bool>());
}

TEST_P(SparseAttentionTest, SumsToOneInFloat32) {
  const auto energies = (random_tensor({50, 100}, 5) * 10).to(torch::kFloat32);
  const auto p = GetParam().map(energies);
  EXPECT_LT(distance(p.sum(1), torch::ones({50})), 1e-5);
  EXPECT_GE(p.min().item<float>(), 0);
}

}  // namespace
}  // namespace weft
