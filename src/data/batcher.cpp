#include "data/batcher.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <stdexcept>
#include <utility>

namespace weft {
namespace {

std::mt19937_64 epoch_generator(uint64_t seed, int64_t epoch) {
  const auto number = static_cast<uint64_t>(epoch);
  std::seed_seq sequence{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32),
                         static_cast<uint32_t>(number), static_cast<uint32_t>(number >> 32)};
  return std::mt19937_64(sequence);
}

/// Uniform in [0, bound). std::uniform_int_distribution differs between standard libraries.
uint64_t draw_below(uint64_t bound, std::mt19937_64& generator) {
  const uint64_t limit = std::mt19937_64::max() - std::mt19937_64::max() % bound;
  uint64_t value = generator();
  while (value >= limit) value = generator();
  return value % bound;
}

/// Fisher and Yates.
template <typename T>
void shuffle(std::vector<T>& items, std::mt19937_64& generator) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[draw_below(left, generator)]);
  }
}

/// Neighbours in this order are alike on both sides: by target length, and within one target length
/// by source length, upwards and downwards in turn so that the source length does not jump from one
/// target length to the next.
bool shorter(const PairLengths& a, const PairLengths& b) {
  if (a.target != b.target) return a.target < b.target;
  return a.target % 2 == 0 ? a.source < b.source : a.source > b.source;
}

int64_t longer_side(const PairLengths& pair) { return std::max(pair.source, pair.target) + 1; }

}  // namespace

std::vector<PairIndices> make_batches(const std::vector<PairLengths>& lengths,
                                      const BatchingOptions& options, int64_t epoch) {
  if (options.batch_tokens < 1) throw std::invalid_argument("make_batches: batch_tokens below 1");
  std::mt19937_64 generator = epoch_generator(options.seed, epoch);
  PairIndices order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  shuffle(order, generator);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return shorter(lengths[static_cast<std::size_t>(a)], lengths[static_cast<std::size_t>(b)]);
  });

  std::vector<PairIndices> batches;
  int64_t longest = 0;
  for (const int64_t pair : order) {
    const int64_t length = longer_side(lengths[static_cast<std::size_t>(pair)]);
    longest = std::max(longest, length);
    const auto rows = batches.empty() ? 0 : static_cast<int64_t>(batches.back().size());
    if (rows == 0 || (rows + 1) * longest > options.batch_tokens) {
      batches.emplace_back();
      longest = length;
    }
    batches.back().push_back(pair);
  }
  shuffle(batches, generator);
  return batches;
}

}  // namespace weft
