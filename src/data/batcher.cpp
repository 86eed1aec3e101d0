#include "data/batcher.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace weft {
namespace {

/// Neighbours in this order are alike on both sides: by target length, and within one target length
/// by source length, upwards and downwards in turn so that the source length does not jump from one
/// target length to the next.
bool shorter(const PairLengths& a, const PairLengths& b) {
  if (a.target != b.target) return a.target < b.target;
  return a.target % 2 == 0 ? a.source < b.source : a.source > b.source;
}

int64_t longer_side(const PairLengths& pair) { return std::max(pair.source, pair.target) + 1; }

}  // namespace

std::vector<PairIndices> make_batches(const std::vector<PairLengths>& lengths, int64_t batch_tokens,
                                      int64_t batch_sentences) {
  if (batch_tokens < 1) throw std::invalid_argument("make_batches: batch_tokens below 1");
  PairIndices order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return shorter(lengths[static_cast<std::size_t>(a)], lengths[static_cast<std::size_t>(b)]);
  });

  std::vector<PairIndices> batches;
  int64_t longest = 0;
  for (const int64_t pair : order) {
    const int64_t length = longer_side(lengths[static_cast<std::size_t>(pair)]);
    longest = std::max(longest, length);
    const auto rows = batches.empty() ? 0 : static_cast<int64_t>(batches.back().size());
    const bool is_full = batch_sentences > 0 && rows == batch_sentences;
    if (rows == 0 || is_full || (rows + 1) * longest > batch_tokens) {
      batches.emplace_back();
      longest = length;
    }
    batches.back().push_back(pair);
  }
  return batches;
}

}  // namespace weft
