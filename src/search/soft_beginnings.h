#pragma once
// Translations that had better begin with given tokens.

#include <torch/types.h>

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "search/token_policy.h"

namespace weft {

/// Each token with which a hypothesis of sentence i goes on in beginnings[i] is worth `weight`
/// nats, in its rank and in its score; from the first that is another on, none is.
class SoftBeginnings : public TokenPolicy {
 public:
  SoftBeginnings(std::vector<std::vector<int32_t>> beginnings, double weight, int64_t vocabulary)
      : beginnings_(std::move(beginnings)), weight_(weight), vocabulary_(vocabulary) {}

  void apply(StepChoice& choice) override {
    for (int64_t row = 0; row < choice.rows(); ++row) {
      const auto& hypothesis = choice[row];
      const auto& beginning = beginnings_.at(hypothesis.sentence);
      const auto length = static_cast<std::size_t>(choice.length());
      if (length < beginning.size() && matched(hypothesis.node) == length)
        choice.prefer(row, bonus(beginning[length]));
    }
  }

  double reward(const HypothesisTree& tree, std::size_t sentence, int64_t node,
                int64_t length) override {
    const auto& beginning = beginnings_.at(sentence);
    const auto before = static_cast<std::size_t>(length) - 1;
    auto& known = matched_[node];
    known = matched(tree.parent(node));
    if (known == before && before < beginning.size() && beginning[before] == tree.token(node))
      ++known;
    return weight_ * static_cast<double>(known);
  }

  double most_reward(std::size_t sentence) const override {
    return weight_ * static_cast<double>(beginnings_.at(sentence).size());
  }

 private:
  /// Tokens of the beginning that the hypothesis has.
  std::size_t matched(int64_t node) const {
    return node == HypothesisTree::kRoot ? 0 : matched_.at(node);
  }

  const torch::Tensor& bonus(int32_t token) {
    auto& bonus = bonuses_[token];
    if (!bonus.defined()) {
      bonus = torch::zeros({vocabulary_});
      bonus[token] = weight_;
    }
    return bonus;
  }

  std::vector<std::vector<int32_t>> beginnings_;
  double weight_;
  int64_t vocabulary_;
  std::unordered_map<int64_t, std::size_t> matched_;  // by node
  std::unordered_map<int32_t, torch::Tensor> bonuses_;
};

}  // namespace weft
