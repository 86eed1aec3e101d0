#pragma once
// Matrix products with weights that are packed once and used many times.

#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "config/training_options.h"
#include "kernels/panel_matrix.h"
#include "kernels/parallel.h"

namespace weft::kernels {

/// True where there are products in this precision: float32 everywhere, bfloat16 where oneDNN and
/// the processor have fast ones, int8 there or on AVX2; kAuto is none.
bool has_products_in(Precision precision);

/// Whose products with packed weights this processor gets: "oneDNN" or "Weft".
const char* maker_of_products(Precision precision);

/// Which way a weight W [O, I] is used: forward y = x W^T, backward dx = dy W.
enum class WeightUse { kForward, kBackward };

class PackedMatrix;

/// A weight in the order the processor reads it. Packing costs about as much as multiplying some
/// rows. With Precision::kBfloat16 both factors are rounded to bfloat16 and the sums are float32;
/// with kInt8, which has no backward, they are rounded to 8 bits (quantize.h), weights of Weft's
/// own products to 7 (byte_panels.h), and the sums are exact. A row of a product never depends on
/// the other rows or on how many there are.
class PackedWeight {
 public:
  /// Copies `weight`, float32 [O, I] on the CPU; later changes to it are not seen. Throws
  /// c10::Error where there are no products in this precision.
  PackedWeight(const torch::Tensor& weight, WeightUse use, Precision precision);

  /// Whose product it is: "oneDNN" or "Weft".
  const char* maker() const { return maker_; }
  int64_t inputs() const { return inputs_; }    ///< columns of x: I forward, O backward
  int64_t outputs() const { return outputs_; }  ///< columns of the product: O forward, I backward

  /// x [rows, inputs], out [rows, outputs], on the calling thread. A new number of rows may cost
  /// 0.3 ms once, so callers use few different ones. May be called by several threads at once.
  void multiply(const float* x, int64_t rows, float* out, Write write = Write::kReplace) const;

  /// The same for any number of rows, shared between the threads.
  void multiply_all(const float* x, int64_t rows, float* out, Write write = Write::kReplace) const;

 private:
  int64_t inputs_;
  int64_t outputs_;
  const char* maker_;
  std::shared_ptr<const PackedMatrix> matrix_;
};

/// dW = dY^T X, the gradient of y = x W^T, as one sum over all rows. All arrays are row-major.
struct WeightGradient {
  const float* output_gradient;  ///< dY [rows, outputs], rows `output_stride` floats apart
  int64_t output_stride;
  const float* input;  ///< X [rows, inputs]
  int64_t rows;
  int64_t outputs;
  int64_t inputs;
  float* weight_gradient;  ///< dW [outputs, inputs]
  Write write = Write::kReplace;
};

/// Shared between the threads.
void compute_weight_gradient(const WeightGradient& gradient, Precision precision);

/// Sums of the columns: out [columns] from x [rows, columns], rows `stride` floats apart.
struct ColumnSum {
  const float* x;
  int64_t stride;
  int64_t rows;
  int64_t columns;
  float* out;
  Write write = Write::kReplace;
};
void compute_column_sum(const ColumnSum& sum);

}  // namespace weft::kernels
