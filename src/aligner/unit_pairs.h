#pragma once
// Lexical probabilities of words from those of their parts.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "aligner/bitext.h"
#include "aligner/fixed_point.h"
#include "aligner/pair_index.h"
#include "aligner/word_units.h"
#include "base/worker_pool.h"

namespace weft {

/// What the pairs of words would be worth if only their parts were known.
struct BackoffPriors {
  std::vector<float> forward;   ///< [pair], P0(target | source)
  std::vector<float> backward;  ///< [pair], P0(source | target)
};

/// The back-off distribution of a word's translations. With U(e) the units of word e (WordUnits)
/// and c(e, f) how often e and f are linked,
///   C(u, v)  = sum over pairs (e, f), u in U(e), v in U(f), of c(e, f) / (|U(e)| |U(f)|)
///   P0(f|e)  = 1/|U(e)|  sum over u in U(e), v in U(f) of  C'(u, v) / (C'(u) + 1/2)  p(f | v)
/// where C' leaves out what (e, f) itself put into C(u, v): otherwise a word that was seen once
/// would confirm whatever it was linked to. p(f | v) is by frequency (WordUnits::share). The same
/// the other way round for P0(e|f).
class UnitPairs {
 public:
  UnitPairs(const Bitext& bitext, const PairIndex& pairs, WorkerPool& pool);

  /// `counts`: [pair], c. Sets `priors` to as many.
  void estimate(const std::vector<FixedSum>& counts, BackoffPriors& priors);

 private:
  using Id = std::uint32_t;

  void number_unit_pairs();
  void count(const std::vector<FixedSum>& counts);
  void spread(const std::vector<FixedSum>& counts, std::size_t source, BackoffPriors& priors) const;
  /// What a pair of words adds to each of its pairs of units.
  static FixedSum part_of(FixedSum count, std::size_t unit_pairs);

  const PairIndex& pairs_;
  WorkerPool& pool_;
  WordUnits source_, target_;
  std::vector<std::size_t> begins_;  // of each source type's pairs of units in ids_
  std::vector<Id> ids_;              // for each pair of words its pairs of units, [|U(e)|, |U(f)|]
  std::vector<Id> sources_, targets_;                    // the two units of each pair of units
  std::vector<FixedSum> counts_;                         // C(u, v)
  std::vector<FixedSum> source_totals_, target_totals_;  // C(u), C(v)
};

}  // namespace weft
