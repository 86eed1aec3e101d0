#include "search/hypothesis_tree.h"

#include <torch/types.h>

#include <algorithm>

#include "text/vocabulary.h"

namespace weft {

void HypothesisTree::begin_step(const torch::Tensor& attention) {
  attention_.push_back(attention.defined() ? attention.to(torch::kCPU) : attention);
}

int64_t HypothesisTree::add(const Node& node) {
  nodes_.push_back(node);
  steps_.push_back(attention_.size() - 1);
  return static_cast<int64_t>(nodes_.size()) - 1;
}

Hypothesis HypothesisTree::trace(int64_t node, int64_t source_length) const {
  Hypothesis hypothesis;
  hypothesis.log_prob = log_prob(node);
  hypothesis.reward = reward(node);
  std::vector<torch::Tensor> rows;
  for (int64_t at = node; at != kRoot; at = nodes_[index(at)].parent) {
    const auto& visited = nodes_[index(at)];
    if (visited.token == kEndId) {
      hypothesis.finished = true;
    } else {
      hypothesis.tokens.push_back(visited.token);
    }
    hypothesis.token_log_probs.push_back(visited.log_prob - log_prob(visited.parent));
    const auto& step_attention = attention_[steps_[index(at)]];
    if (step_attention.defined())
      rows.push_back(step_attention[visited.row].narrow(0, 0, source_length));
  }
  std::reverse(hypothesis.tokens.begin(), hypothesis.tokens.end());
  std::reverse(hypothesis.token_log_probs.begin(), hypothesis.token_log_probs.end());
  std::reverse(rows.begin(), rows.end());
  if (!rows.empty()) hypothesis.attention = torch::stack(rows);
  return hypothesis;
}

}  // namespace weft
