#pragma once
// Which pair stands where in an epoch.

#include <cstdint>
#include <string>
#include <vector>

#include "config/data_options.h"
#include "data/batcher.h"

namespace weft {

/// The pairs of one corpus within a training text: one file of each side.
struct CorpusPart {
  std::string file;      ///< the first source's
  int64_t begin = 0;     ///< index of its first pair
  int64_t size = 0;      ///< pairs
  std::string tag = {};  ///< put before its source lines
};

/// The order of all epochs, a pure function of the parts, the options and the seed; takes no
/// memory. Without mixing an epoch is a random permutation of all pairs. With mixing it has as many
/// pairs, of which each corpus gives its quota: the next ones of an order of its own, which goes
/// through all of the corpus in random order before any pair comes again, over the ends of epochs.
class PairOrder {
 public:
  /// Throws UserError if a corpus has a weight but no pair.
  PairOrder(const std::vector<CorpusPart>& parts, const CorporaOptions& options, uint64_t seed);

  /// Pairs of an epoch.
  int64_t size() const { return size_; }
  /// Those at the places [begin, end) of epoch `epoch`.
  PairIndices pairs(int64_t epoch, int64_t begin, int64_t end) const;
  /// How many pairs of an epoch are from part `part`.
  int64_t quota(std::size_t part) const;

 private:
  /// Places before mixing: first those of the first part, then those of the second.
  struct Share {
    int64_t first_place = 0, quota = 0;
  };

  std::vector<CorpusPart> parts_;
  std::vector<Share> shares_;  // empty: nothing is mixed
  uint64_t seed_;
  int64_t size_ = 0;
};

}  // namespace weft
