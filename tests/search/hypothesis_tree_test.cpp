#include "search/hypothesis_tree.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include "text/vocabulary.h"

namespace weft {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(HypothesisTree, ReadsBackEveryWayFromTheRoot) {
  HypothesisTree tree;
  tree.begin_step(torch::tensor({{0.9F, 0.1F, 0.0F}, {0.2F, 0.8F, 0.0F}}));
  const auto a = tree.add({HypothesisTree::kRoot, 10, -1.0, 1});
  const auto b = tree.add({HypothesisTree::kRoot, 11, -2.0, 0});
  tree.begin_step(torch::tensor({{0.3F, 0.7F, 0.0F}, {0.6F, 0.4F, 0.0F}}));
  const auto ended = tree.add({a, kEndId, -1.5, 1});
  const auto longer = tree.add({b, 12, -2.25, 0});

  const auto first = tree.trace(ended, 2);
  EXPECT_THAT(first.tokens, ElementsAre(10));
  EXPECT_TRUE(first.finished);
  EXPECT_EQ(first.log_prob, -1.5);
  EXPECT_THAT(first.token_log_probs, ElementsAre(DoubleNear(-1, 1e-12), DoubleNear(-0.5, 1e-12)));
  EXPECT_TRUE(torch::equal(first.attention, torch::tensor({{0.2F, 0.8F}, {0.6F, 0.4F}})));

  const auto second = tree.trace(longer, 3);
  EXPECT_THAT(second.tokens, ElementsAre(11, 12));
  EXPECT_FALSE(second.finished);
  EXPECT_THAT(second.token_log_probs, ElementsAre(DoubleNear(-2, 1e-12), DoubleNear(-0.25, 1e-12)));
  EXPECT_TRUE(
      torch::equal(second.attention, torch::tensor({{0.9F, 0.1F, 0.0F}, {0.3F, 0.7F, 0.0F}})));
}

TEST(HypothesisTree, HasNoAttentionIfItWasGivenNone) {
  HypothesisTree tree;
  tree.begin_step({});
  EXPECT_FALSE(tree.trace(tree.add({HypothesisTree::kRoot, 10, -1.0, 0}), 2).attention.defined());
}

}  // namespace
}  // namespace weft
