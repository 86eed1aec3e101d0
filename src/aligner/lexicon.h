#pragma once
// How likely a word is to be translated by another, as counts and priors say.

#include <cstddef>
#include <vector>

#include "aligner/aligner_model.h"
#include "aligner/bitext.h"
#include "aligner/fixed_point.h"
#include "aligner/lexicon_options.h"
#include "aligner/pair_index.h"
#include "aligner/unit_pairs.h"

namespace weft {

/// Lexical probabilities in both directions from expected counts of links, as collapsed variational
/// Bayes estimates them at order 0 (Asuncion et al. 2009, On Smoothing and Inference for Topic
/// Models): what a cell itself put into a count is left out when that cell is judged. With n(e, f)
/// the sum of the posteriors q of all cells with e and f, n(e) that over all f,
///   p(f | e, cell) = (n(e, f) - q + kappa P0(f|e) + iota s(e, f) + alpha)
///                    / (n(e) - q + kappa + alpha V_f)
///   p(f | nothing) = (n0(f) - q0 + alpha) / (n0 + LexiconOptions::nothing_mass(V_f))
class Lexicon {
 public:
  /// `options` are taken for_text().
  Lexicon(const Bitext& bitext, const PairIndex& pairs, std::vector<float> spelling,
          const LexiconOptions& options);

  /// As they are for this text.
  const LexiconOptions& options() const { return options_; }

  /// What one direction needs to judge a pair of words.
  struct Entry {
    float count;          ///< n(e, f)
    float forward_base;   ///< kappa P0(f|e) + iota s + alpha
    float backward_base;  ///< kappa P0(e|f) + iota s + alpha
  };
  const Entry& entry(std::size_t pair) const { return entries_[pair]; }

  /// p(f | e) and p(e | f) for a cell whose last posterior was q.
  float forward(const Entry& entry, WordTypes::Id source, float q) const {
    return (positive(entry.count - q) + entry.forward_base) /
           (positive(source_totals_[source] - q) + forward_mass_);
  }
  float backward(const Entry& entry, WordTypes::Id target, float q) const {
    return (positive(entry.count - q) + entry.backward_base) /
           (positive(target_totals_[target] - q) + backward_mass_);
  }
  /// The same for a pair that was dropped (PairIndex): never linked, and no prior knows it.
  float forward_dropped(WordTypes::Id source) const {
    return uniform_ / (source_totals_[source] + forward_mass_);
  }
  float backward_dropped(WordTypes::Id target) const {
    return uniform_ / (target_totals_[target] + backward_mass_);
  }
  /// p(f | nothing), p(e | nothing) for a word whose last posterior of nothing was q.
  float forward_nothing(WordTypes::Id target, float q) const {
    return (positive(target_nothing_[target] - q) + uniform_) / target_nothing_mass_;
  }
  float backward_nothing(WordTypes::Id source, float q) const {
    return (positive(source_nothing_[source] - q) + uniform_) / source_nothing_mass_;
  }

  /// The words of each side with what was counted of them.
  std::vector<AlignerModel::Word> source_side(const TextSide& side) const;
  std::vector<AlignerModel::Word> target_side(const TextSide& side) const;

  /// Expected counts, as an E-step adds them up.
  struct Counts {
    std::vector<FixedSum> pairs;           ///< [pair]
    std::vector<FixedSum> target_nothing;  ///< [target type]
    std::vector<FixedSum> source_nothing;  ///< [source type]
  };
  Counts zero_counts() const;
  /// Takes the counts and the priors that they give.
  void estimate(const Counts& counts, UnitPairs& units);

 private:
  static float positive(float x) { return x > 0.0f ? x : 0.0f; }

  const PairIndex& pairs_;
  LexiconOptions options_;
  std::vector<float> spelling_;
  std::vector<Entry> entries_;
  std::vector<float> source_totals_, target_totals_;  // n(e), n(f)
  std::vector<float> source_nothing_, target_nothing_;
  float forward_mass_ = 1.0f, backward_mass_ = 1.0f;
  float source_nothing_mass_ = 1.0f, target_nothing_mass_ = 1.0f;
  float uniform_;
  BackoffPriors priors_;
};

}  // namespace weft
