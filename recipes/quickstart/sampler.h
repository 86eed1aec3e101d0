#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include "quickstart/grammar.h"
#include "quickstart/pair_writer.h"

namespace weft::quickstart {

/// Draws sentence pairs from a grammar: the alternatives of a phrase by their weights; the entries
/// of a word list like cards, each once before any comes again, so that all are equally frequent.
/// The same seed gives the same pairs on every machine.
class Sampler {
 public:
  /// `grammar` must outlive the sampler.
  Sampler(const Grammar& grammar, std::uint64_t seed);

  /// One pair, in which no entry of a word list occurs twice.
  /// Throws UserError if the grammar does not come to an end, or cannot but repeat an entry.
  SentencePair draw();

  /// A number in [0, size), from the same generator.
  std::size_t below(std::size_t size);

 private:
  Derivation derive(int category, int depth);
  std::size_t choose(const Category& category);
  std::size_t deal(int category);

  const Grammar& grammar_;
  std::mt19937_64 generator_;
  std::vector<std::vector<std::size_t>> decks_;  // by category: entries still to be dealt
  std::set<const Alternative*> used_;            // entries of the derivation being drawn
  bool repeats_ = false;                         // one of them came twice
  int next_id_ = 0;
};

}  // namespace weft::quickstart
