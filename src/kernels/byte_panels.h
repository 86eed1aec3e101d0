#pragma once
// A matrix of 7-bit integers packed for products on processors whose vector units only multiply
// bytes in pairs and saturate at 16 bits (AVX2).

#include <cstdint>
#include <vector>

#include "kernels/panel_matrix.h"

namespace weft::kernels {

/// True where products with byte panels are faster than float32 ones.
bool has_fast_byte_panels();

/// y [depth, columns], rounded to 7 bits by column, in panels of 16 columns.
///
/// vpmaddubsw adds two products of an unsigned and a signed byte at 16 bits. Weights stored as
/// w + 64 in [1, 127] keep two products with inputs x in [-127, 127] within 2 * 127 * 127. Four of
/// them may wrap around, but Σ x (w + 64) - 64 Σ x over four is at most 4 * 127 * 63: taking the
/// second term, which is known by row, modulo 2^16 gives it exactly. So half as many sums are
/// widened to 32 bits as without the wrap, and every sum is exact.
class BytePanelMatrix {
 public:
  explicit BytePanelMatrix(const MatrixView& y);

  /// out [rows, columns] (+)= x [rows, depth] y, with x rounded to 8 bits by row, on the calling
  /// thread. A row of the result depends on no other row. Several threads may call it at once.
  void multiply(const float* x, int64_t rows, float* out, Write write) const;

  /// The plain twin: the same numbers on any processor.
  void multiply_plain(const float* x, int64_t rows, float* out, Write write) const;

 private:
  struct alignas(32) Vector {
    uint8_t bytes[32];
  };
  /// Where q_io + 64 stands in panels_, in bytes.
  int64_t place(int64_t i, int64_t o) const;

  int64_t depth_;
  int64_t columns_;
  int64_t groups_;              // of 8 rows, the last filled up
  std::vector<Vector> panels_;  // [panels, groups, 2 vectors of 8 columns, 2 halves of a group]
  std::vector<float> scales_;   // [panels * 16]
};

}  // namespace weft::kernels
