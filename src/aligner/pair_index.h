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

/// All (source type, target type) that stand in some sentence pair together, numbered from 0 and
/// sorted by source type; and for each cell of the bitext its number.
class PairIndex {
 public:
  using Id = std::uint32_t;

  /// Throws std::length_error if there are 2^32 or more. The answer does not depend on the threads.
  PairIndex(const Bitext& bitext, WorkerPool& pool);

  std::size_t size() const { return targets_.size(); }
  /// Pairs of a source type are [row(e), row(e + 1)).
  std::size_t row(WordTypes::Id source) const { return rows_[source]; }
  std::size_t source_types() const { return rows_.size() - 1; }
  WordTypes::Id target(std::size_t pair) const { return targets_[pair]; }

  /// The pairs of sentence pair k: [S, T], row-major.
  std::span<const Id> cells(std::size_t k) const {
    return {cells_.get() + begins_[k], begins_[k + 1] - begins_[k]};
  }
  /// Cells before sentence pair k; k == bitext.pairs(): all.
  std::size_t begin(std::size_t k) const { return begins_[k]; }

 private:
  void number_pairs(const Bitext& bitext, WorkerPool& pool);

  std::vector<std::size_t> begins_;  // of each sentence pair's cells
  std::unique_ptr<Id[]> cells_;
  std::vector<std::size_t> rows_;
  std::vector<WordTypes::Id> targets_;
};

}  // namespace weft
