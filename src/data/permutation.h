#pragma once
// A random order of many things that takes no memory.

#include <array>
#include <cstdint>
#include <random>

namespace weft {

/// A random permutation of 0 ... size - 1; what stands at any place is computed directly. A
/// generalised Feistel cipher on Z_a x Z_b, a = ceil(sqrt(size)), b = ceil(size / a):
///   l <- l + F_1(r) mod a,   r <- r + F_2(l) mod b,   l <- l + F_3(r) mod a, ...
/// applied again while what comes out is not below `size`. Black, Rogaway 2002, "Ciphers with
/// arbitrary finite domains", section 5.
class RandomPermutation {
 public:
  /// `size` is at least 1 and at most 2^62. Another generator state gives another permutation.
  RandomPermutation(int64_t size, std::mt19937_64 generator);

  int64_t size() const { return static_cast<int64_t>(size_); }
  /// What stands at `place`, which is in [0, size).
  int64_t operator[](int64_t place) const;

 private:
  uint64_t encipher(uint64_t value) const;

  uint64_t size_, a_, b_;
  std::array<uint64_t, 16> keys_;  // of the rounds; an even number
};

}  // namespace weft
