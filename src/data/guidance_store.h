#pragma once
// What a teacher says of the pairs of a corpus, on disk.

#include <cstdint>
#include <string>
#include <vector>

#include "data/soft_links.h"
#include "data/store_file.h"

namespace weft {

/// The links of a pair, and where its pieces stand.
struct PairGuidance {
  PairLinks words;
  PieceSpans pieces;
};

/// Guidance of pairs one behind the other in temporary files, a few bytes for a word.
class GuidanceStore {
 public:
  /// Throws UserError if `directory` cannot hold a temporary file.
  explicit GuidanceStore(const std::string& directory);

  /// Throws UserError if the disk is full. Words and pieces stand in the order of the line.
  void add(const std::vector<PairGuidance>& pairs);

  int64_t size() const;
  /// Throws UserError if the disk fails, std::out_of_range if there is no such pair. May be called
  /// from several threads at once, but not while add() is.
  PairGuidance pair(int64_t index) const;

  /// Depends on all that was added and on its order.
  std::string fingerprint() const { return std::to_string(records_.checksum()); }

 private:
  StoreFile records_, ends_;  // ends_: of each record, in bytes
};

}  // namespace weft
