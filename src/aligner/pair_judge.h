#pragma once
// Both directions of one sentence pair.

#include <cstddef>
#include <span>

#include "aligner/bitext.h"
#include "aligner/hmm.h"
#include "aligner/jump_table.h"
#include "aligner/pair_posteriors.h"

namespace weft {

/// How alignments move, in both directions: forward in the source, as the classes of the source
/// word that is left and of the target word that comes next say, and backward in the target.
struct JumpModels {
  JumpModels(const std::vector<std::uint32_t>& source_frequencies,
             const std::vector<std::uint32_t>& target_frequencies, std::size_t own_classes,
             const MoveOptions& move_options, bool by_target_class = true)
      : source_classes(source_frequencies, own_classes),
        target_classes(target_frequencies, own_classes),
        forward(source_classes.size()),
        backward(target_classes.size()),
        forward_factors(JumpTable::ones(target_classes.size())),
        backward_factors(JumpTable::ones(source_classes.size())),
        moves(move_options),
        by_target(by_target_class) {}

  /// Takes the jumps that an E-step expected.
  void estimate(const DirectionCounts& forward_counts, const DirectionCounts& backward_counts) {
    forward.estimate(forward_counts.from);
    backward.estimate(backward_counts.from);
    if (!by_target) return;
    forward_factors.estimate_factors(forward_counts.emitted);
    backward_factors.estimate_factors(backward_counts.emitted);
  }

  JumpClasses source_classes, target_classes;
  JumpTable forward, backward;
  JumpTable forward_factors, backward_factors;  ///< by the class of the word that is emitted
  MoveOptions moves;
  bool by_target;  ///< whether the factors are estimated; else they stay 1
};

/// Emissions of a pair in, posteriors out. Keeps its memory from pair to pair.
class PairJudge {
 public:
  explicit PairJudge(const JumpModels& jumps)
      : forward_counts(jumps.source_classes.size(), jumps.target_classes.size()),
        backward_counts(jumps.target_classes.size(), jumps.source_classes.size()) {}

  /// More words than this on a side, and a pair is left to model 1, whose work is not cubic.
  static constexpr std::size_t kLongestHmm = 200;

  /// Makes room for the emissions of a pair: forward [T, S], backward [S, T].
  void resize(std::size_t source_length, std::size_t target_length);
  /// Multiplies what each word emits by the factor of the word. `source`: [S], `target`: [T].
  void scale_emissions(std::span<const float> source, std::span<const float> target);
  enum class Model {
    kModel1,
    kHmm,
    kCountedHmm,  ///< whose expected jumps are added to the counts
  };
  /// From the emissions the posteriors.
  void judge(std::span<const WordTypes::Id> source, std::span<const WordTypes::Id> target,
             const JumpModels& jumps, Model model);
  /// What judge() found.
  PairPosteriors posteriors() const;
  /// Of each source word, how many target words came from it; [S].
  std::span<const float> source_fertility();
  /// The same the other way round; [T].
  std::span<const float> target_fertility();

  Emissions forward_emissions, backward_emissions;
  Posteriors forward, backward;
  DirectionCounts forward_counts, backward_counts;

 private:
  Hmm hmm_;
  std::vector<float> source_fertility_, target_fertility_;
};

}  // namespace weft
