#pragma once
// Encoded sentence pairs on disk, so that a corpus of any size takes no memory.

#include <cstdint>
#include <string>
#include <vector>

#include "data/store_file.h"

namespace weft {

/// Tokens of a pair, without begin or end of sentence, or annotations of an item.
struct PairLengths {
  int64_t source = 0;  ///< the longest, if there are several
  int64_t target = 0;
  bool operator==(const PairLengths&) const = default;
};

/// Ids of one source, without end of sentence, or an item.
struct SourceTokens {
  std::vector<int32_t> ids;
  std::vector<std::vector<int32_t>> factors = {};  ///< for each factor an id for each token
  int32_t annotations = 0;  ///< of an item, whose number is then the only id; 0: text

  /// What a batch pads, without end of sentence.
  int32_t length() const {
    return annotations > 0 ? annotations : static_cast<int32_t>(ids.size());
  }
  bool operator==(const SourceTokens&) const = default;
};

/// Ids of one pair, without begin or end of sentence.
struct EncodedPair {
  std::vector<SourceTokens> sources;  ///< at least one
  std::vector<int32_t> target;
  int64_t line = 0;  ///< its line in the text, from 1; 0: not known
};

/// Pairs one behind the other in two files: one of tokens and one that says where the
/// tokens of each pair stand, so that any pair is found in one step. What is read again soon comes
/// from the operating system's cache, not from the disk.
class PairStore {
 public:
  /// Throws UserError if the place cannot hold its files, or does not hold them.
  explicit PairStore(const StorePlace& place);

  /// Throws UserError if the disk is full. Not of a store that is kept.
  void add(const std::vector<EncodedPair>& pairs);

  int64_t size() const;
  /// Throw UserError if the disk fails, std::out_of_range if there is no such pair. May be called
  /// from several threads at once, but not while add() is.
  PairLengths lengths(int64_t index) const;
  /// EncodedPair's.
  int64_t line(int64_t index) const;
  EncodedPair pair(int64_t index) const;

  /// Depends on all pairs and their order; other pairs practically never have the same.
  std::string fingerprint() const;
  /// Calls use(StoreFile) for each of its files.
  template <class Use>
  void for_each_file(Use use) const {
    use(tokens_);
    use(places_);
  }

 private:
  struct Place;
  Place place(int64_t index) const;
  void add_lengths(const std::vector<Place>& places);

  StoreFile tokens_, places_;
  uint32_t lengths_checksum_ = 0;
};

}  // namespace weft
