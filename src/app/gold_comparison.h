#pragma once
// Links beside links made by hand, sentence by sentence.

#include <cstddef>
#include <string>
#include <vector>

#include "align/alignment_error_rate.h"
#include "align/pharaoh.h"

namespace weft {

/// Where gold links are, and how they are written.
struct GoldLinks {
  std::string path;       ///< Pharaoh links, a line for each sentence pair; "": none
  bool reversed = false;  ///< target-source
  FirstPosition first = FirstPosition::kZero;
};

/// "AER 0.1234  precision ...", without a newline.
std::string error_rate_text(const AlignmentErrorRate& rate);

class GoldComparison {
 public:
  /// Reads all gold links. Throws UserError as read_pharaoh() does.
  explicit GoldComparison(const GoldLinks& gold);

  /// Compares the links of the next sentence pair. Throws UserError if there are no gold links for
  /// it, or if they point past the end of a sentence.
  void add(const std::vector<Link>& links, const PairLength& words);

  /// Throws UserError unless there are gold links for that many sentence pairs.
  void require_as_many(std::size_t pairs) const;

  /// Throws UserError if gold links of sentence pair `k`, for which there are some, point past the
  /// end of a sentence.
  void check(std::size_t k, const PairLength& words) const;

  /// Throws UserError if there are gold links for more sentence pairs than were added.
  void require_all_used() const;

  const AlignmentErrorRate& rate() const { return rate_; }
  std::string summary() const { return error_rate_text(rate_); }

 private:
  std::vector<Link> gold_links(std::size_t k) const;

  GoldLinks gold_;
  std::vector<std::vector<Link>> links_;
  std::size_t pairs_ = 0;
  AlignmentErrorRate rate_;
};

}  // namespace weft
