#pragma once
// Matrix products with weights that are packed once and used many times.

#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "config/training_options.h"
#include "kernels/parallel.h"

namespace weft::kernels {

/// True where the products below are oneDNN's; without it they are LibTorch's, correct but slower.
bool has_packed_products();

/// True where products in this precision are fast and all that they promise to be: oneDNN, and a
/// processor with instructions for them. float32 always is.
bool has_products_in(Precision precision);

/// Which way a weight W [O, I] is used: forward y = x W^T, backward dx = dy W.
enum class WeightUse { kForward, kBackward };

/// What happens to the values an output holds already.
enum class Write { kReplace, kAdd };

/// A weight in the order the processor reads it. Packing costs about as much as multiplying four
/// rows. With Precision::kBfloat16 both factors are rounded to bfloat16 and the sums are float32;
/// with kInt8, which has no backward, they are rounded to 8 bits (quantize.h) and the sums are
/// exact.
class PackedWeight {
 public:
  /// Copies `weight`, float32 [O, I] on the CPU; later changes to it are not seen.
  PackedWeight(const torch::Tensor& weight, WeightUse use, Precision precision);

  int64_t inputs() const { return inputs_; }    ///< columns of x: I forward, O backward
  int64_t outputs() const { return outputs_; }  ///< columns of the product: O forward, I backward

  /// x [rows, inputs], out [rows, outputs], on the calling thread. A new number of rows costs 0.3
  /// ms once, so callers use few different ones. May be called by several threads at once.
  void multiply(const float* x, int64_t rows, float* out, Write write = Write::kReplace) const;

  /// The same for any number of rows, shared between the threads.
  void multiply_all(const float* x, int64_t rows, float* out, Write write = Write::kReplace) const;

 private:
  struct Matrix;
  std::shared_ptr<const Matrix> matrix_;
  int64_t inputs_;
  int64_t outputs_;
  Precision precision_;
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
