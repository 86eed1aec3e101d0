#pragma once
// A float32 matrix packed for products on the processor's plain vector units: what oneDNN offers
// there reads the matrix unpacked, and its sums depend on the number of rows.

#include <cstdint>
#include <vector>

namespace weft::kernels {

/// What happens to the values an output holds already.
enum class Write { kReplace, kAdd };

/// A matrix y in memory: element (i, o) is values[i * row_stride + o * column_stride].
struct MatrixView {
  const float* values;
  int64_t rows;
  int64_t columns;
  int64_t row_stride;
  int64_t column_stride;
};

/// y [depth, columns] in panels of 24 columns, the rows of a panel one after another, as three
/// vectors of 8; zeros fill the last panel up.
class PanelMatrix {
 public:
  explicit PanelMatrix(const MatrixView& y);

  /// out [rows, columns] (+)= x [rows, depth] y, on the calling thread. Every element is one sum
  /// in the order of the depth: a row of the result depends neither on the other rows nor on how
  /// many there are. Several threads may call it at once.
  void multiply(const float* x, int64_t rows, float* out, Write write) const;

  /// The same with x^T for x: x [depth, rows].
  void multiply_transposed(const float* x, int64_t rows, float* out, Write write) const;

 private:
  struct alignas(32) Vector {
    float lanes[8];
  };
  int64_t depth_;
  int64_t columns_;
  std::vector<Vector> panels_;  // [panels, depth, 3]
};

}  // namespace weft::kernels
