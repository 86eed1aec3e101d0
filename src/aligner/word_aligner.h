#pragma once
// Word alignment of a parallel text, learnt from that text alone.

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "aligner/aligner_model.h"
#include "aligner/bitext.h"
#include "aligner/fertility.h"
#include "aligner/lexicon.h"
#include "aligner/move_options.h"
#include "aligner/pair_index.h"
#include "aligner/pair_judge.h"
#include "aligner/pair_posteriors.h"
#include "aligner/unit_pairs.h"
#include "base/worker_pool.h"

namespace weft {

/// Which models are trained, and whose posteriors count.
enum class AlignerDirection {
  kBoth,      ///< both, agreeing: see agreement()
  kForward,   ///< p(target | source) alone, in which a target word has one source word at most
  kBackward,  ///< p(source | target) alone
};

/// How what two directions think of a link comes to one number.
enum class Agreement {
  kOdds,     ///< see agreement()
  kProduct,  ///< p r (Liang, Taskar and Klein 2006)
};

struct AlignerOptions {
  int model1_iterations = 3;
  int hmm_iterations = 5;
  std::size_t jump_classes = 40;  ///< source types with jumps of their own
  bool target_classes = true;     ///< jumps depend on the class of the target word too
  bool fertility = true;          ///< how many words a word has tells on how many it gets
  bool romanize = true;           ///< compare names by their letters across scripts
  bool variational = true;        ///< a cell is judged without what it added to counts (Lexicon)
  Agreement agreement = Agreement::kOdds;
  AlignerDirection direction = AlignerDirection::kBoth;
  LexiconOptions lexicon;
  MoveChoice moves;
  PruningOptions pruning;
};

/// What two independent judgements of a link, p and r, come to: the odds are multiplied (and the
/// prior odds, taken as even, left out). Liang, Taskar and Klein 2006, Alignment by Agreement
/// (N06-1014), multiply the probabilities instead, which makes links rarer than either thinks.
inline float agreement(float p, float r) {
  const float both = p * r;
  return both / (both + (1.0f - p) * (1.0f - r) + 1e-12f);
}

/// Two hidden Markov models, one for each direction, with exact posteriors, trained to agree. IBM
/// model 1 comes first, agreeing too. No random numbers: the same text gives the same bits, on any
/// number of threads.
class WordAligner {
 public:
  /// `bitext` and `pool` outlive it.
  WordAligner(const Bitext& bitext, const AlignerOptions& options, WorkerPool& pool);

  /// How often train() passes over the text.
  int iterations() const { return options_.model1_iterations + options_.hmm_iterations - 1; }
  /// Called after every iteration with the number of those done.
  using Report = std::function<void(int done)>;
  void train(const Report& report = {});

  /// The posteriors of pairs [begin, end), as the last iteration's models see them. Those of a pair
  /// without cells are empty, and its lengths 0.
  std::vector<PairPosteriors> posteriors(std::size_t begin, std::size_t end);

  /// What was learnt, for pairs that are not here.
  AlignerModel model() const;

 private:
  void iterate(bool hmm);
  void judge(std::size_t k, PairJudge::Model model, PairJudge& judge) const;
  void set_emissions(std::size_t k, PairJudge& judge) const;
  /// Sets all cells to what dropped ones have.
  void set_dropped(std::size_t k, PairJudge& judge) const;
  void count(std::size_t k, const PairJudge& judge);
  void count_fertility(std::size_t k, PairJudge& judge);
  void scale_by_fertility(std::size_t k, PairJudge& judge) const;
  std::unique_ptr<PairJudge> take_judge();
  void put_back(std::unique_ptr<PairJudge> judge);

  const Bitext& bitext_;
  AlignerOptions options_;
  MoveOptions moves_;
  WorkerPool& pool_;
  PairIndex pairs_;
  UnitPairs units_;
  JumpModels jumps_;
  Lexicon lexicon_;
  Fertility source_fertility_, target_fertility_;
  Lexicon::Counts counts_;
  std::unique_ptr<FixedProbability[]> last_;                                 // q of each cell
  std::vector<FixedProbability> source_nothing_last_, target_nothing_last_;  // q0 of each word
  std::vector<std::size_t> chunks_;  // pairs that are judged as one task begin here
  std::mutex mutex_;                 // guards what follows
  std::vector<std::unique_ptr<PairJudge>> idle_;
};

}  // namespace weft
