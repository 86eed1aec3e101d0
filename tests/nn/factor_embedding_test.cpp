#include "nn/factor_embedding.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <string>

#include "nn/gradient_check.h"
#include "nn/random_module.h"

namespace weft {
namespace {

EmbeddingOptions options_of(FactorCombination combination) {
  EmbeddingOptions options;
  options.source = 3;
  options.factor_combine = combination;
  options.factors = combination == FactorCombination::kSum ? std::vector<int64_t>{3, 3}
                                                           : std::vector<int64_t>{2, 1};
  return options;
}

class FactorEmbeddingTest : public testing::TestWithParam<FactorCombination> {
 protected:
  FactorEmbeddingTest() { randomize(*embedding_, 1); }

  FactorEmbedding embedding_{options_of(GetParam()), std::vector<int64_t>{6, 5}};
  torch::Tensor words_ = random_tensor({2, 2, 3}, 2);
  std::vector<torch::Tensor> ids_{torch::tensor({{4, 5}, {0, 1}}), torch::tensor({{3, 0}, {4, 2}})};
};

INSTANTIATE_TEST_SUITE_P(Combinations, FactorEmbeddingTest,
                         testing::Values(FactorCombination::kConcat, FactorCombination::kSum));

// Equation 7 of Sennrich & Haddow 2016, unit by unit.
TEST_P(FactorEmbeddingTest, CombinesTheWordsUnitsWithItsFactors) {
  const bool sum = GetParam() == FactorCombination::kSum;
  const auto combined = embedding_(words_, ids_);
  ASSERT_EQ(combined.sizes(), (std::vector<int64_t>{2, 2, sum ? 3 : 6}));
  const auto parameters = embedding_->named_parameters();
  for (int64_t b = 0; b < 2; ++b) {
    for (int64_t j = 0; j < 2; ++j) {
      std::vector<double> expected;
      for (int64_t u = 0; u < 3; ++u) expected.push_back(words_[b][j][u].item<double>());
      for (int64_t k = 0; k < 2; ++k) {
        const auto& matrix = parameters["embedding_" + std::to_string(k + 1)];
        const auto row = matrix[ids_[static_cast<std::size_t>(k)][b][j].item<int64_t>()];
        for (int64_t u = 0; u < row.size(0); ++u) {
          const auto value = row[u].item<double>();
          if (sum) {
            expected[static_cast<std::size_t>(u)] += value;
          } else {
            expected.push_back(value);
          }
        }
      }
      EXPECT_LT(distance(combined[b][j], torch::tensor(expected, torch::kFloat64)), 1e-15);
    }
  }
}

TEST_P(FactorEmbeddingTest, HasTheGradientsOfItsFunction) {
  const auto weighting = random_tensor(embedding_(words_, ids_).sizes(), 3);
  const auto words = words_.clone().requires_grad_();
  auto inputs = embedding_->parameters();
  inputs.push_back(words);
  expect_gradients([&] { return (embedding_(words, ids_) * weighting).sum(); }, inputs);
}

}  // namespace
}  // namespace weft
