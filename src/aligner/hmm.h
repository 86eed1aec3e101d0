#pragma once
// Exact posteriors of one direction of a sentence pair.

#include <cstddef>
#include <span>
#include <vector>

#include "aligner/jump_table.h"
#include "aligner/move_options.h"

namespace weft {

/// Rows of numbers whose lengths are rounded up to whole vectors; what is beyond `columns` is 0.
class PaddedMatrix {
 public:
  static constexpr std::size_t kVector = 8;

  void resize(std::size_t rows, std::size_t columns) {
    stride_ = (columns + kVector - 1) / kVector * kVector;
    values_.assign(rows * stride_, 0.0f);
  }
  /// The same for who sets every number, what is beyond `columns` too.
  void reshape(std::size_t rows, std::size_t columns) {
    stride_ = (columns + kVector - 1) / kVector * kVector;
    values_.resize(rows * stride_);
  }
  float* row(std::size_t r) { return values_.data() + r * stride_; }
  const float* row(std::size_t r) const { return values_.data() + r * stride_; }
  std::size_t stride() const { return stride_; }

 private:
  std::vector<float> values_;
  std::size_t stride_ = 0;
};

/// What a sentence pair says by its words: for target position t (T rows) and source position s (S
/// columns) p(f_t | e_s), and p(f_t | nothing).
struct Emissions {
  std::size_t source_length = 0;  ///< S
  std::size_t target_length = 0;  ///< T
  PaddedMatrix words;             ///< [T, S]
  std::vector<float> nothing;     ///< [T]
};

/// p(a_t = s | both sentences); a row sums to 1 less what is left to no word at all.
struct Posteriors {
  PaddedMatrix words;          ///< [T, S]
  std::vector<float> nothing;  ///< [T]
};

/// IBM model 1: every source position is as likely as any other. Brown et al. 1993, The Mathematics
/// of Statistical Machine Translation (J93-2003). With p0 the probability of nothing
/// (MoveOptions),
///   p(s | t) = (1 - p0)/S emission(t, s) / z_t
void model1_posteriors(const Emissions& emissions, const MoveOptions& moves,
                       Posteriors& posteriors);

/// How alignments move in one direction of a sentence pair.
struct PairJumps {
  std::span<const std::size_t> classes;  ///< of each source position
  std::size_t start = 0;                 ///< the class of the start
  const JumpTable& table;                ///< by the class of the word that is left
  std::span<const std::size_t> emitted;  ///< the class of each target word
  const JumpTable& factors;              ///< of jumps that a target word of a class brings about
  const MoveOptions& moves;
};

/// Expected jumps, by the class of the source word that is left and by that of the target word.
struct DirectionCounts {
  DirectionCounts(std::size_t source_classes, std::size_t target_classes)
      : from(source_classes), emitted(target_classes) {}
  void add(const DirectionCounts& other) {
    from.add(other.from);
    emitted.add(other.emitted);
  }
  void clear() {
    from.clear();
    emitted.clear();
  }
  JumpCounts from, emitted;
};

/// The hidden Markov model: the source position of a target word depends on that of the last target
/// word that has one (a word linked to nothing leaves the position where it was; Och and Ney 2003,
/// J03-1002), or it comes from anywhere and leaves the position where it was too: a detour.
/// Forward-backward in float32, scaled at each step. With p0, delta and lambda of MoveOptions,
///   p(a, f) = product over t of [(1 - p0 - delta) jump_t(a_t, a_t') emission(t, a_t)]
///             or [delta / S emission(t, a_t)] or [p0 emission(t, nothing)], and of
///             the jump to the end, where
///   jump_t(s, s') = (1 - lambda) z table(s - s' | class(s')) factor(s - s' | class(f_t))
///                   + lambda / (S + 1)
/// and z leaves the sum over s as it is without the factor.
class Hmm {
 public:
  /// Sets posteriors, and adds the expected jumps to `counts` unless that is nullptr.
  void posteriors(const Emissions& emissions, const PairJumps& jumps, Posteriors& posteriors,
                  DirectionCounts* counts);

 private:
  /// The transitions to target words of one class.
  struct Transitions {
    std::size_t emitted = 0;
    PaddedMatrix to;     // [S + 1, S]: from a state to a position
    PaddedMatrix jumps;  // [S + 1, S]: expected jumps, divided by `to`
  };

  void set_base(const PairJumps& jumps);
  void set_transitions(const PairJumps& jumps);
  void fill(Transitions& transitions, const PairJumps& jumps);
  void forward(const Emissions& emissions, const MoveOptions& moves);
  /// With `counting` also sets the expected jumps of transitions_.
  void backward(const Emissions& emissions, Posteriors& posteriors, bool counting);
  void count_jumps(const PairJumps& jumps, DirectionCounts& counts);
  std::size_t class_of(std::size_t state, const PairJumps& jumps) const {
    return state == length_ ? jumps.start : jumps.classes[state];
  }
  /// The position of a state: its number; that of the start, the last state, is -1.
  int position(std::size_t state) const { return state == length_ ? -1 : static_cast<int>(state); }

  std::size_t length_ = 0;     // S; states are positions 0 .. S - 1, and S for the start
  float detour_ = 0.0f;        // delta / S
  PaddedMatrix base_;          // [S + 1, S]: the table's jumps from a state to a position
  std::vector<float> totals_;  // [S + 1]: the sums of its rows
  std::vector<float> end_;     // [S + 1]: from a state to the end
  std::vector<Transitions> transitions_;  // the first used_ are of this pair
  std::size_t used_ = 0;
  std::vector<std::size_t> kinds_;  // [T]: which of them
  PaddedMatrix states_;             // [T + 1, S + 1]: p(state after t words | those words)
  PaddedMatrix aligned_;            // [T, S]: the part of it that entered by word t
  PaddedMatrix emission_;           // [T, S], each step scaled
  std::vector<float> stays_;        // [T]: what a word that leaves the state multiplies it by
  std::vector<float> scales_;       // [T]: what makes the states of a step sum to 1
  PaddedMatrix expected_;           // [S + 1, S]: expected jumps
  std::vector<float> final_;        // [S + 1]: p(last state)
  std::vector<float> beta_, next_beta_, entered_, distances_, factors_;
};

}  // namespace weft
