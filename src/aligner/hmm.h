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

/// The hidden Markov model: the source position of a target word depends on that of the last target
/// word that has one (a word linked to nothing leaves the position where it was; Och and Ney 2003,
/// J03-1002), or it comes from anywhere and leaves the position where it was too: a detour.
/// Forward-backward in float32, scaled at each step. With p0, delta and lambda of MoveOptions,
///   p(a, f) = product over t of [(1 - p0 - delta) jump(a_t, a_t') emission(t, a_t)]
///             or [delta / S emission(t, a_t)] or [p0 emission(t, nothing)], and of
///             the jump to the end, where
///   jump(s, s') = (1 - lambda) table(s - s' | class(s')) + lambda / (S + 1)
class Hmm {
 public:
  /// Sets posteriors, and adds the expected jumps to `jumps`. `classes`: of each source position.
  /// `start`: the class of the start.
  void posteriors(const Emissions& emissions, std::span<const std::size_t> classes,
                  std::size_t start, const JumpTable& table, const MoveOptions& moves,
                  Posteriors& posteriors, JumpCounts& jumps);

 private:
  void set_transitions(std::span<const std::size_t> classes, std::size_t start,
                       const JumpTable& table, const MoveOptions& moves);
  void forward(const Emissions& emissions, const MoveOptions& moves);
  void backward(const Emissions& emissions, Posteriors& posteriors);
  void count_jumps(std::span<const std::size_t> classes, std::size_t start, JumpCounts& jumps);
  std::size_t class_of(std::size_t state, std::span<const std::size_t> classes,
                       std::size_t start) const {
    return state == length_ ? start : classes[state];
  }
  /// The position of a state: its number; that of the start, the last state, is -1.
  int position(std::size_t state) const { return state == length_ ? -1 : static_cast<int>(state); }

  float detour_ = 0.0f;        // delta / S
  std::size_t length_ = 0;     // S; states are positions 0 .. S - 1, and S for the start
  PaddedMatrix to_;            // [S + 1, S]: from a state to a position
  PaddedMatrix from_;          // [S, S + 1]: the same transposed
  std::vector<float> end_;     // [S + 1]: from a state to the end
  PaddedMatrix states_;        // [T + 1, S + 1]: p(state after t words | those words)
  PaddedMatrix aligned_;       // [T, S]: the part of it that entered by word t
  PaddedMatrix emission_;      // [T, S], each step scaled
  std::vector<float> stays_;   // [T]: what a word that leaves the state as it is multiplies it by
  std::vector<float> scales_;  // [T]: what makes the states of a step sum to 1
  PaddedMatrix jumps_;         // [S + 1, S]: expected jumps
  std::vector<float> final_;   // [S + 1]: p(last state)
  std::vector<float> beta_, next_beta_, entered_;
};

}  // namespace weft
