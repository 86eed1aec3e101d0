#pragma once
// Which pairs have been there already.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weft {

/// A set of hashes, 16 to 32 bytes for each. Open addressing, at most half full.
class SeenPairs {
 public:
  /// False if it has been added before.
  bool add(uint64_t hash) {
    if (hash == 0) hash = 1;  // 0 marks a free slot
    if (2 * (count_ + 1) > slots_.size()) grow();
    uint64_t& slot = slot_of(hash);
    if (slot == hash) return false;
    slot = hash;
    ++count_;
    return true;
  }

 private:
  uint64_t& slot_of(uint64_t hash) {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at] != 0 && slots_[at] != hash) at = (at + 1) & mask;
    return slots_[at];
  }
  void grow() {
    std::vector<uint64_t> old(slots_.empty() ? 1024 : 2 * slots_.size());
    old.swap(slots_);
    for (const uint64_t hash : old)
      if (hash != 0) slot_of(hash) = hash;
  }

  std::vector<uint64_t> slots_;  // a power of two
  std::size_t count_ = 0;
};

}  // namespace weft
