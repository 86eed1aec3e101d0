#pragma once
// Random numbers that are the same on every machine: the standard library's distributions and
// std::shuffle are not.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <utility>
#include <vector>

namespace weft {

/// A generator for the given numbers, all of which count.
std::mt19937_64 seeded_generator(std::initializer_list<uint64_t> numbers);

/// A number that depends on all of the given ones, as good as drawn at random for them. SplitMix64.
uint64_t mixed(std::initializer_list<uint64_t> numbers);

/// Uniform in [0, bound); `bound` is at least 1.
uint64_t draw_below(uint64_t bound, std::mt19937_64& generator);

/// Fisher and Yates.
template <typename T>
void shuffle(std::vector<T>& items, std::mt19937_64& generator) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[draw_below(left, generator)]);
  }
}

}  // namespace weft
