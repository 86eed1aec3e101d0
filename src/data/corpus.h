#pragma once
// Sentence pairs as token ids, in memory.

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "data/parallel_files.h"
#include "text/vocabulary.h"

namespace weft {

/// What reading a corpus found.
struct CorpusReport {
  int64_t lines = 0;               ///< of each side
  int64_t pairs = 0;               ///< kept
  int64_t one_sided_blank = 0;     ///< left out: one side has no token, the other has
  Location first_one_sided_blank;  ///< the blank line; line 0: there is none
  int64_t both_blank = 0;          ///< left out: neither side has a token
  int64_t too_long = 0;            ///< left out: a side has more tokens than the limit
};

/// Ids of one pair, without begin or end of sentence.
struct TokenPair {
  std::span<const int32_t> source;
  std::span<const int32_t> target;
};

/// Sentences of any length one behind the other in one piece of memory.
class TokenLines {
 public:
  void add(const std::vector<int32_t>& tokens);
  int64_t size() const { return static_cast<int64_t>(ends_.size()) - 1; }
  std::span<const int32_t> operator[](int64_t index) const;
  int64_t length(int64_t index) const;
  /// Of the sentences and where they end: as good as never the same for other sentences.
  uint32_t fingerprint() const;

 private:
  std::vector<int32_t> tokens_;
  std::vector<std::size_t> ends_{0};  // sentence i: tokens [ends_[i], ends_[i + 1])
};

/// The pairs of a training text that can be learnt from.
class ParallelCorpus {
 public:
  struct Vocabularies {
    const Vocabulary& source;
    const Vocabulary& target;
  };

  /// Reads and encodes all of `files`. A pair with more than `max_length` tokens on a side is left
  /// out; 0: no limit. Throws UserError as ParallelReader does.
  ParallelCorpus(const ParallelFiles& files, const Vocabularies& vocabularies, int64_t max_length);
  /// Pairs that are encoded already.
  ParallelCorpus(TokenLines source, TokenLines target);

  int64_t size() const { return source_.size(); }
  TokenPair operator[](int64_t index) const { return {source_[index], target_[index]}; }
  int64_t source_length(int64_t index) const { return source_.length(index); }
  int64_t target_length(int64_t index) const { return target_.length(index); }
  const CorpusReport& report() const { return report_; }
  /// Of all pairs in their order, to know the corpus again.
  std::string fingerprint() const;

 private:
  TokenLines source_;
  TokenLines target_;
  CorpusReport report_;
};

}  // namespace weft
