#include "nn/multi_source_attention.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <string>
#include <vector>

#include "nn/gradient_check.h"
#include "nn/tiny_attention.h"

namespace weft {
namespace {

/// Two sources of 4 and 3 positions, for 2 queries.
class MultiSourceAttentionTest : public testing::TestWithParam<SourceCombination> {
 protected:
  MultiSourceAttentionTest() { randomize(*attention_, 1); }

  static AttentionOptions options() {
    auto options = options_of(ScoreType::kAdditive);
    options.source_combination = GetParam();
    return options;
  }
  AttentionOutput attend(const torch::Tensor& annotations) {
    const auto memory = attention_->precompute({}, annotations, mask_, {}, sections_);
    return attention_->forward({}, query_, attention_->start(annotations, sections_), memory);
  }
  torch::Tensor parameter(const std::string& name) {
    return attention_->named_parameters()[name].detach();
  }
  /// The attention to one source by itself, with the parameters under `prefix`.
  AttentionOutput alone(const std::string& prefix, int64_t begin, int64_t count) {
    Attention single(options_of(ScoreType::kAdditive), AttentionWidths{kUnits, kUnits});
    single->to(torch::kFloat64);
    const torch::NoGradGuard no_grad;
    for (auto& item : single->named_parameters())
      item.value().copy_(parameter(prefix + item.key()));
    const auto annotations = annotations_.narrow(1, begin, count);
    const auto memory = single->precompute({}, annotations, mask_.narrow(1, begin, count));
    return single->forward({}, query_, single->start(annotations), memory);
  }

  Attention attention_ = make_attention(options(), AttentionWidths{kUnits, kUnits}, 2);
  torch::Tensor annotations_ = random_tensor({2, 7, kUnits}, 2);
  torch::Tensor mask_ = torch::cat({mask_of({4, 2}, 4), mask_of({2, 3}, 3)}, 1);
  torch::Tensor query_ = random_tensor({2, kUnits}, 3);
  std::vector<int64_t> sections_{4, 3};
};

INSTANTIATE_TEST_SUITE_P(Combinations, MultiSourceAttentionTest,
                         testing::Values(SourceCombination::kConcat,
                                         SourceCombination::kHierarchical));

// The equations above the class, in float64.
TEST_P(MultiSourceAttentionTest, CombinesTheContextsOfAnAttentionToEachSource) {
  const auto first = alone("", 0, 4), second = alone("source_2.", 4, 3);
  const auto both = attend(annotations_);
  EXPECT_LT(distance(both.weights, torch::cat({first.weights, second.weights}, 1)), 1e-12);
  for (int64_t n = 0; n < 2; ++n) {
    torch::Tensor expected;
    if (GetParam() == SourceCombination::kConcat) {
      expected =
          parameter("combination.weight").mv(torch::cat({first.context[n], second.context[n]}));
    } else {
      const auto mapped = parameter("query_map.weight").mv(query_[n]);
      const auto energy = [&](const std::string& number, const torch::Tensor& context) {
        const auto key = parameter("context_key_" + number + ".weight").mv(context) +
                         parameter("context_key_" + number + ".bias");
        return std::exp(parameter("context_energy").dot(torch::tanh(mapped + key)).item<double>());
      };
      const double a = energy("1", first.context[n]), b = energy("2", second.context[n]);
      expected = (a * parameter("context_value_1.weight").mv(first.context[n]) +
                  b * parameter("context_value_2.weight").mv(second.context[n])) /
                 (a + b);
    }
    EXPECT_LT(distance(both.context[n], expected), 1e-12);
  }
}

TEST_P(MultiSourceAttentionTest, DoesNotReadPadding) {
  const auto noisy =
      torch::where(mask_.unsqueeze(2), annotations_, torch::full_like(annotations_, 9));
  EXPECT_LT(distance(attend(noisy).context, attend(annotations_).context), 1e-12);
}

TEST_P(MultiSourceAttentionTest, GoesOnFromASelectionOfQueries) {
  auto memory = attention_->precompute({}, annotations_, mask_, {}, sections_);
  const auto state = attention_->start(annotations_, sections_);
  const auto rows = torch::tensor({1, 0, 1});
  memory.sets = rows;
  const auto selected =
      attention_->forward({}, query_.index_select(0, rows), state.select(rows), memory);
  const auto straight = attend(annotations_);
  EXPECT_LT(distance(selected.context, straight.context.index_select(0, rows)), 1e-12);
  EXPECT_LT(distance(selected.weights, straight.weights.index_select(0, rows)), 1e-12);
}

TEST_P(MultiSourceAttentionTest, HasTheGradientsOfItsFunction) {
  const auto annotations = annotations_.clone().requires_grad_();
  const auto weighting = random_tensor({2, kUnits}, 4);
  auto inputs = attention_->parameters();
  inputs.push_back(annotations);
  expect_gradients_along_directions([&] { return (attend(annotations).context * weighting).sum(); },
                                    inputs);
}

}  // namespace
}  // namespace weft
