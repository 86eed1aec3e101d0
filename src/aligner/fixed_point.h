#pragma once
// Probabilities and their sums as whole numbers. Sums of whole numbers are the same in whatever
// order threads add them, so an alignment does not depend on how many threads made it.

#include <atomic>
#include <cstdint>

namespace weft {

/// A probability in steps of 2^-15.
using FixedProbability = std::uint16_t;
constexpr float kFixedOne = 32768.0f;

inline FixedProbability to_fixed(float probability) {
  return static_cast<FixedProbability>(probability * kFixedOne + 0.5f);
}
inline float from_fixed(FixedProbability probability) {
  return static_cast<float>(probability) * (1.0f / kFixedOne);
}

/// A sum of probabilities.
using FixedSum = std::int64_t;
inline double from_fixed(FixedSum sum) {
  return static_cast<double>(sum) * (1.0 / static_cast<double>(kFixedOne));
}

/// Adds from several threads.
inline void add_atomically(FixedSum& sum, FixedSum amount) {
  std::atomic_ref(sum).fetch_add(amount, std::memory_order_relaxed);
}

}  // namespace weft
