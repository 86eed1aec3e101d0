#pragma once
// The tree of everything a beam search has tried, from which a finished hypothesis is read back.

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace weft {

/// One translation. Scores are natural logarithms.
struct Hypothesis {
  std::vector<int32_t> tokens;          ///< without begin and end of sentence
  bool finished = false;                ///< ended by the end of sentence, not by the length limit
  double log_prob = 0;                  ///< log p(tokens [, end of sentence] | source)
  double score = 0;                     ///< what they are ranked by (DecodingOptions)
  double reward = 0;                    ///< what policies add to log_prob in the score
  std::vector<double> token_log_probs;  ///< one per row of `attention`
  /// α float [T, S] on the CPU: a row per token and, if finished, one for the end of sentence; a
  /// column per source token and the end of sentence. Undefined unless it was asked for.
  torch::Tensor attention;
};

/// A node is a token with its predecessor; hypotheses that share a beginning share its nodes.
class HypothesisTree {
 public:
  static constexpr int64_t kRoot = -1;

  struct Node {
    int64_t parent = kRoot;
    int32_t token = 0;
    double log_prob = 0;  ///< log-probability of everything from the root to here
    int64_t row = 0;      ///< of the step that predicted it
    double reward = 0;    ///< what policies add to log_prob in ranks and scores
  };

  /// Begins the next step: attention [N, S] of its rows on any device, or undefined.
  void begin_step(const torch::Tensor& attention);
  /// Adds a node to the current step and returns its number.
  int64_t add(const Node& node);
  double log_prob(int64_t node) const { return node == kRoot ? 0 : nodes_[index(node)].log_prob; }
  double reward(int64_t node) const { return node == kRoot ? 0 : nodes_[index(node)].reward; }
  void set_reward(int64_t node, double reward) { nodes_[index(node)].reward = reward; }
  int64_t parent(int64_t node) const { return nodes_[index(node)].parent; }
  int32_t token(int64_t node) const { return nodes_[index(node)].token; }
  /// Its row of the step that it belongs to.
  int64_t row(int64_t node) const { return nodes_[index(node)].row; }
  /// Reads the way from the root to `node`; the attention has the first `source_length` columns.
  Hypothesis trace(int64_t node, int64_t source_length) const;

 private:
  static std::size_t index(int64_t node) { return static_cast<std::size_t>(node); }

  std::vector<Node> nodes_;
  std::vector<std::size_t> steps_;        // of each node
  std::vector<torch::Tensor> attention_;  // of each step, on the CPU
};

}  // namespace weft
