#include "aligner/jump_table.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace weft {

JumpClasses::JumpClasses(const std::vector<std::uint32_t>& frequencies, std::size_t own_classes)
    : own_classes_(std::min(own_classes, frequencies.size())), classes_(frequencies.size(), 0) {
  std::vector<WordTypes::Id> order(frequencies.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](WordTypes::Id a, WordTypes::Id b) {
    return frequencies[a] > frequencies[b];
  });
  for (std::size_t rank = 0; rank < own_classes_; ++rank)
    classes_[order[rank]] = static_cast<std::uint8_t>(rank + 1);
}

void JumpCounts::add(const JumpCounts& other) {
  for (std::size_t n = 0; n < counts_.size(); ++n) counts_[n] += other.counts_[n];
}

void JumpCounts::clear() { std::fill(counts_.begin(), counts_.end(), 0); }

JumpTable::JumpTable(std::size_t classes) : weights_(classes * JumpCounts::kWidth) {
  for (std::size_t c = 0; c < classes; ++c) {
    for (int jump = -JumpCounts::kFarthest; jump <= JumpCounts::kFarthest; ++jump) {
      weights_[c * JumpCounts::kWidth + JumpCounts::column(jump)] =
          std::exp(static_cast<float>(-std::abs(jump - 1)) / 3.0f) + 0.01f;
    }
  }
}

namespace {

/// p(jump), whatever the class.
std::vector<double> share_of_jumps(const JumpCounts& counts) {
  constexpr double kUnseen = 0.5;
  std::vector<double> all(JumpCounts::kWidth, kUnseen);
  for (std::size_t c = 0; c < counts.classes(); ++c)
    for (std::size_t d = 0; d < JumpCounts::kWidth; ++d) all[d] += counts.count(c, d);
  const double total = std::accumulate(all.begin(), all.end(), 0.0);
  for (double& share : all) share /= total;
  return all;
}

}  // namespace

void JumpTable::estimate(const JumpCounts& counts, double strength) {
  const auto share = share_of_jumps(counts);
  for (std::size_t c = 0; c < counts.classes(); ++c) {
    for (std::size_t d = 0; d < JumpCounts::kWidth; ++d) {
      weights_[c * JumpCounts::kWidth + d] =
          static_cast<float>(counts.count(c, d) + strength * share[d]);
    }
  }
}

void JumpTable::estimate_factors(const JumpCounts& counts, double strength) {
  const auto share = share_of_jumps(counts);
  for (std::size_t c = 0; c < counts.classes(); ++c) {
    double total = 0.0;
    for (std::size_t d = 0; d < JumpCounts::kWidth; ++d) total += counts.count(c, d);
    for (std::size_t d = 0; d < JumpCounts::kWidth; ++d) {
      weights_[c * JumpCounts::kWidth + d] =
          static_cast<float>((counts.count(c, d) + strength) / (total * share[d] + strength));
    }
  }
}

}  // namespace weft
