#include "train/weight_average.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <stdexcept>

namespace weft {
namespace {

TEST(WeightAverage, ForgetsTheStartSoon) {
  const WeightAverage average({{"w", torch::zeros({2})}}, 0.99);
  EXPECT_DOUBLE_EQ(average.decay(1), 2.0 / 11);
  EXPECT_DOUBLE_EQ(average.decay(90), 91.0 / 100);
  EXPECT_DOUBLE_EQ(average.decay(890), 0.99);  // 891 / 900
  EXPECT_DOUBLE_EQ(average.decay(1'000'000), 0.99);
}

TEST(WeightAverage, BeginsWithTheWeightsAndKeepsItsOwnMemory) {
  auto weight = torch::tensor({1.0F, 2.0F}).requires_grad_();
  const WeightAverage average({{"w", weight}}, 0.9);
  ASSERT_EQ(average.averages().size(), 1);
  EXPECT_TRUE(torch::equal(average.averages().at("w"), weight));
  weight.detach().fill_(5);
  EXPECT_TRUE(torch::equal(average.averages().at("w"), torch::tensor({1.0F, 2.0F})));
}

TEST(WeightAverage, ExchangesItselfWithTheWeights) {
  auto weight = torch::tensor({1.0F, 2.0F}).requires_grad_();
  WeightAverage average({{"w", weight}}, 0.9);
  weight.detach().fill_(5);
  {
    const WeightAverage::InPlace averaged(average);
    EXPECT_TRUE(torch::equal(weight, torch::tensor({1.0F, 2.0F})));
    EXPECT_TRUE(torch::equal(average.averages().at("w"), torch::tensor({5.0F, 5.0F})));
  }
  EXPECT_TRUE(torch::equal(weight, torch::tensor({5.0F, 5.0F})));
  EXPECT_TRUE(torch::equal(average.averages().at("w"), torch::tensor({1.0F, 2.0F})));
  EXPECT_TRUE(weight.requires_grad());
}

TEST(WeightAverage, GivesTheWeightsBackWhenSomethingIsThrown) {
  auto weight = torch::ones({2}).requires_grad_();
  WeightAverage average({{"w", weight}}, 0.9);
  weight.detach().fill_(5);
  const auto fail = [&] {
    const WeightAverage::InPlace averaged(average);
    throw std::runtime_error("validation failed");
  };
  EXPECT_THROW(fail(), std::runtime_error);
  EXPECT_TRUE(torch::equal(weight, torch::full({2}, 5.0F)));
}

TEST(WeightAverage, IsTheWeightsThemselvesWithoutADecay) {
  auto weight = torch::ones({2});
  WeightAverage average({{"w", weight}}, 0);
  EXPECT_TRUE(average.averages().empty());
  const WeightAverage::InPlace averaged(average);
  EXPECT_TRUE(torch::equal(weight, torch::ones({2})));
}

}  // namespace
}  // namespace weft
