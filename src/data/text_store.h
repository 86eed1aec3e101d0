#pragma once
// The text of pairs on disk, for what is made of it anew in every epoch.

#include <cstdint>
#include <string>
#include <vector>

#include "data/pair_weights.h"
#include "data/store_file.h"

namespace weft {

/// The lines of a pair and its weights.
struct TextOfPair {
  std::vector<std::string> sources;
  std::string target;
  PairWeights weights = {};
};

/// Texts one behind the other in files.
class TextStore {
 public:
  /// As PairStore.
  explicit TextStore(const StorePlace& place);

  /// Throws UserError if the disk is full.
  void add(const std::vector<TextOfPair>& pairs);

  int64_t size() const { return ends_.size() / static_cast<int64_t>(sizeof(int64_t)); }
  /// Throws UserError if the disk fails, std::out_of_range if there is no such pair. May be called
  /// from several threads at once, but not while add() is.
  TextOfPair pair(int64_t index) const;
  /// Depends on all that was added and on its order.
  std::string fingerprint() const { return std::to_string(records_.checksum()); }
  /// As PairStore's.
  template <class Use>
  void for_each_file(Use use) const {
    use(records_);
    use(ends_);
  }

 private:
  StoreFile records_, ends_;  // ends_: of each record, in bytes
};

}  // namespace weft
