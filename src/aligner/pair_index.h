#pragma once
// Which words of one language stand beside which of the other.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "aligner/bitext.h"
#include "base/worker_pool.h"

namespace weft {

/// When pairs of words that cannot matter are dropped.
struct PruningOptions {
  /// Up to as many cells nothing is dropped; from there on memory is bounded so.
  std::size_t cells = 150'000'000;
  /// Words that stand in the text at most as often keep all their pairs: what they are translated
  /// by can hardly be told by counting.
  std::uint32_t rare = 2;
};

/// The (source type, target type) that stand in some sentence pair together, numbered from 0 and
/// sorted by source type; and for each cell of the bitext its number. In a text of very many cells
/// a pair is dropped if it stands together only once, or less often than two words of their
/// frequencies do by chance.
class PairIndex {
 public:
  using Id = std::uint32_t;

  /// Throws std::length_error if there are 2^32 or more. The answer does not depend on the threads.
  PairIndex(const Bitext& bitext, WorkerPool& pool, const PruningOptions& pruning = {});

  std::size_t size() const { return targets_.size(); }
  /// Pairs of a source type are [row(e), row(e + 1)).
  std::size_t row(WordTypes::Id source) const { return rows_[source]; }
  std::size_t source_types() const { return rows_.size() - 1; }
  WordTypes::Id target(std::size_t pair) const { return targets_[pair]; }

  /// Cells whose pairs are kept, before sentence pair k; k == bitext.pairs(): all.
  std::size_t begin(std::size_t k) const { return begins_[k]; }

  /// Calls visit(s, t, cell, pair) for each kept cell of sentence pair k, row by row; `cell` counts
  /// from begin(k).
  template <class Visit>
  void for_each_cell(std::size_t k, std::size_t source_length, std::size_t target_length,
                     Visit visit) const {
    std::size_t cell = begins_[k];
    const std::uint8_t* mask = masks_.data() + mask_begins_[k];
    for (std::size_t s = 0; s < source_length; ++s, mask += bytes(target_length))
      for (std::size_t t = 0; t < target_length; ++t)
        if (mask[t / 8] >> (t % 8) & 1) visit(s, t, cell, cells_[cell]), ++cell;
  }

 private:
  struct Occurrences;
  class Met;

  static std::size_t bytes(std::size_t bits) { return (bits + 7) / 8; }
  void choose_pairs(const Bitext& bitext, const Occurrences& occurrences,
                    const PruningOptions& pruning, WorkerPool& pool);
  void place_cells(const Bitext& bitext, WorkerPool& pool);
  void number_cells(const Bitext& bitext, const Occurrences& occurrences, WorkerPool& pool);

  std::vector<std::size_t> mask_begins_;  // of each sentence pair's rows of bits: kept or not
  std::vector<std::uint8_t> masks_;
  std::vector<std::size_t> begins_;  // of each sentence pair's kept cells
  std::unique_ptr<Id[]> cells_;
  std::vector<std::size_t> rows_;
  std::vector<WordTypes::Id> targets_;
};

}  // namespace weft
