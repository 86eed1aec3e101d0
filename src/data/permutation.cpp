#include "data/permutation.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace weft {
namespace {

/// The smallest number whose square is at least `value`.
uint64_t square_root_upwards(uint64_t value) {
  auto root = static_cast<uint64_t>(std::sqrt(static_cast<double>(value)));
  while (root * root < value) ++root;
  while (root > 1 && (root - 1) * (root - 1) >= value) --root;
  return root;
}

/// F_i: SplitMix64. Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators".
uint64_t round_function(uint64_t key, uint64_t value) {
  uint64_t z = key + value * 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

}  // namespace

RandomPermutation::RandomPermutation(int64_t size, std::mt19937_64 generator)
    : size_(static_cast<uint64_t>(size)) {
  if (size < 1 || size > int64_t{1} << 62) {
    throw std::invalid_argument("RandomPermutation: size " + std::to_string(size));
  }
  a_ = square_root_upwards(size_);
  b_ = (size_ + a_ - 1) / a_;
  for (uint64_t& key : keys_) key = generator();
}

int64_t RandomPermutation::operator[](int64_t place) const {
  auto value = static_cast<uint64_t>(place);
  if (value >= size_) throw std::out_of_range("RandomPermutation: place " + std::to_string(place));
  do value = encipher(value);
  while (value >= size_);
  return static_cast<int64_t>(value);
}

uint64_t RandomPermutation::encipher(uint64_t value) const {
  uint64_t l = value % a_;
  uint64_t r = value / a_;
  for (std::size_t i = 0; i < keys_.size(); i += 2) {
    l = (l + round_function(keys_[i], r) % a_) % a_;
    r = (r + round_function(keys_[i + 1], l) % b_) % b_;
  }
  return r * a_ + l;
}

}  // namespace weft
