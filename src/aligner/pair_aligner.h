#pragma once
// Pairs that were not in the text that an aligner learnt from.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "aligner/aligner_model.h"
#include "aligner/jump_table.h"
#include "aligner/pair_judge.h"
#include "aligner/pair_posteriors.h"
#include "aligner/spelling.h"
#include "aligner/word_types.h"
#include "aligner/word_units.h"

namespace weft {

/// Aligns pair after pair with a learnt model, which stays as it is. A word that the text did not
/// have is translated as its units are (UnitPairs), or by its spelling. Not for several threads at
/// once.
class PairAligner {
 public:
  explicit PairAligner(AlignerModel model);

  /// The posteriors of one pair of tokens; empty, with lengths 0, if a side is empty or both are
  /// too long (Bitext::kMostCells).
  PairPosteriors align(std::span<const std::string_view> source,
                       std::span<const std::string_view> target);

 private:
  /// A language as the model knows it.
  struct Side {
    explicit Side(const std::vector<AlignerModel::Word>& words);

    WordTypes types;
    std::vector<std::uint32_t> frequencies;
    std::unique_ptr<WordUnits> units;
    std::vector<double> unit_totals;  // C(u) of each unit
    double nothing_total = 0.0;       // n0
    double fertility = 0.0;           // of words at large
  };
  /// A token of the pair at hand.
  struct Token {
    WordTypes::Id type = WordTypes::kUnknown;
    WordSpelling spelling;
    std::vector<WordUnits::Id> units;
    std::vector<double> shares;  // p(word | unit) of each
  };

  Token token(const Side& side, std::string_view word);
  void count_units();
  void set_emissions(const std::vector<Token>& source, const std::vector<Token>& target);
  void set_nothing(const std::vector<Token>& source, const std::vector<Token>& target);
  /// Judges the pair time and again, until words have about as many words as they are expected to.
  void judge_by_fertility(const std::vector<Token>& source, const std::vector<Token>& target);
  double count_of(WordTypes::Id source, WordTypes::Id target) const;
  /// {P0(target | source), P0(source | target)}.
  std::pair<double, double> backoff(const Token& source, const Token& target) const;

  AlignerModel model_;
  Side source_, target_;
  JumpModels jumps_;
  std::vector<std::size_t> rows_;                          // of the model's pairs, by source
  std::unordered_map<std::uint64_t, double> unit_counts_;  // C(u, v)
  Speller speller_;
  PairJudge judge_;
};

}  // namespace weft
