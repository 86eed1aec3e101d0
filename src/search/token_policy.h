#pragma once
// Who decides, beside the model, which token comes next: what may follow, what must, what is drawn.

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "search/hypothesis_tree.h"
#include "search/token_lists.h"

namespace weft {

/// A hypothesis that goes on.
struct OpenHypothesis {
  std::size_t sentence = 0;  ///< its place in the batch
  int64_t node = HypothesisTree::kRoot;
  bool last = false;  ///< its next token is its last, whichever it is: the length limit is reached
  std::size_t group = 0;  ///< of the sentence's hypotheses
  std::size_t place = 0;  ///< within the group; like all of these it does not depend on neighbours
};

class TokenPolicy;

/// How tokens are drawn instead of being the best.
enum class Drawing {
  kNone,
  kEach,                ///< one token for each hypothesis
  kWithoutReplacement,  ///< a set of hypotheses; those that ended compete with those that go on
};

/// The choice of the next token of each open hypothesis (row). Where policies say nothing of a row,
/// its best tokens are found by a kernel that never forms the row's probabilities; the others cost
/// a softmax.
class StepChoice {
 public:
  /// `length`: the tokens of every hypothesis so far. Refers to the rest while the step lasts.
  StepChoice(const HypothesisTree& tree, const std::vector<OpenHypothesis>& rows, int64_t length)
      : tree_(tree), rows_(rows), length_(length) {}

  int64_t rows() const { return static_cast<int64_t>(rows_.size()); }
  const OpenHypothesis& operator[](int64_t row) const {
    return rows_.at(static_cast<std::size_t>(row));
  }
  /// Where the rows' tokens stand.
  const HypothesisTree& tree() const { return tree_; }
  /// How many they are, without the begin of sentence.
  int64_t length() const { return length_; }

  /// Only `token` may follow, whatever is preferred or excluded.
  void force(int64_t row, int64_t token) { forced_[row] = token; }
  /// Adds `bonus` float [V] to log p(token) where the row's tokens are compared with one another
  /// and with those of other rows; -inf forbids a token. What is given several times adds up. The
  /// probabilities and scores of hypotheses stay the model's own.
  void prefer(int64_t row, const torch::Tensor& bonus);
  /// These tokens are candidates, too, whatever their rank, unless they are forbidden or the row is
  /// forced.
  void consider(int64_t row, std::vector<int64_t> tokens);

  /// Tokens to go on with, float and int64 [N, K] on the CPU, best first.
  struct Candidates {
    torch::Tensor tokens;
    torch::Tensor log_probs;  ///< the model's
    torch::Tensor ranks;      ///< with what is preferred; -inf: none left
    /// Those that were to be considered and are not among the best, by row.
    struct Further {
      int64_t row, token;
      float log_prob, rank;
    };
    std::vector<Further> further = {};
  };
  /// What the columns of logits are from now on: all tokens, unless this says otherwise.
  void set_columns(ListedColumns columns) { columns_ = std::move(columns); }

  /// The `count` best of each row of logits [N, V], 1 <= count <= V. `excluded` tokens take part in
  /// the softmax but are not chosen; none is in a list.
  Candidates best(const torch::Tensor& logits, int64_t count,
                  const std::vector<int64_t>& excluded) const;
  /// The same where `drawer` ranks all tokens of all rows.
  Candidates draw(const torch::Tensor& logits, int64_t count, const std::vector<int64_t>& excluded,
                  TokenPolicy& drawer) const;

 private:
  void put_preferred(const torch::Tensor& logits, const std::vector<int64_t>& excluded,
                     Candidates& candidates) const;
  void put_forced(const torch::Tensor& logits, Candidates& candidates) const;
  void put_further(const torch::Tensor& logits, Candidates& candidates) const;

  const HypothesisTree& tree_;
  const std::vector<OpenHypothesis>& rows_;
  int64_t length_;
  ListedColumns columns_;
  std::map<int64_t, int64_t> forced_;                   // tokens by row
  std::map<int64_t, torch::Tensor> preferred_;          // bonuses by row
  std::map<int64_t, std::vector<int64_t>> considered_;  // tokens by row
};

/// One rule. A search asks several, in their order; a rule that remembers anything belongs to one
/// search.
class TokenPolicy {
 public:
  virtual ~TokenPolicy() = default;
  /// Tokens that never come, asked for once a search: these cost nothing.
  virtual std::vector<int64_t> excluded() const { return {}; }
  /// How many tokens of a sentence's translation are given: the length limit counts from there.
  virtual int64_t given_tokens(std::size_t /*sentence*/) const { return 0; }
  /// Called once a step.
  virtual void apply(StepChoice& /*choice*/) {}
  /// Whether the beam is shared out to banks; at most one policy does so.
  virtual bool allocates() const { return false; }
  /// How many banks the hypotheses of a sentence are in; 1: all compete.
  virtual int64_t banks(std::size_t /*sentence*/) const { return 1; }
  /// In which of them, from 0, a hypothesis is that goes on with `token`.
  virtual int64_t bank(const HypothesisTree& /*tree*/, std::size_t /*sentence*/, int64_t /*node*/,
                       int64_t /*token*/) {
    return 0;
  }
  /// What the `length` tokens up to `node`, which has just been chosen, add to log p where
  /// hypotheses are compared, in nats; what a token adds to it was preferred as much.
  virtual double reward(const HypothesisTree& /*tree*/, std::size_t /*sentence*/, int64_t /*node*/,
                        int64_t /*length*/) {
    return 0;
  }
  /// The most that a translation of the sentence can get.
  virtual double most_reward(std::size_t /*sentence*/) const { return 0; }
  virtual Drawing drawing() const { return Drawing::kNone; }
  /// Called once a step if this policy draws, when all have been applied: puts other ranks in the
  /// place of `ranks` float [N, V] on the CPU, which hold log p with what is preferred, -inf where
  /// a token may not follow.
  virtual void draw(const StepChoice& /*choice*/, torch::Tensor& /*ranks*/) {}
};

}  // namespace weft
