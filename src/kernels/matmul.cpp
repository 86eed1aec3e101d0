#include "kernels/matmul.h"

#include <algorithm>
#include <memory>

#include "kernels/byte_panels.h"
#include "kernels/panel_gradient.h"
#include "kernels/product_backend.h"
#include "kernels/vector_math.h"

namespace weft::kernels {
namespace {

// Rows of dW in one product.
constexpr int64_t kGradientBlock = 256;

// Rows of a matrix, some floats apart, as one contiguous bfloat16 matrix.
std::unique_ptr<Bfloat16[]> rounded_rows(const float* x, int64_t stride, int64_t rows,
                                         int64_t columns) {
  auto result = std::make_unique_for_overwrite<Bfloat16[]>(static_cast<size_t>(rows * columns));
  const RowBlocks blocks(rows);
  parallel_tasks(blocks.count(), [&](int64_t index) {
    const RowRange range = blocks[index];
    for (int64_t row = range.begin; row < range.end; ++row) {
      to_bfloat16(x + row * stride, result.get() + row * columns, columns);
    }
  });
  return result;
}

template <typename Element>
void multiply_in_blocks(const TransposedProduct<Element>& whole) {
  // An even number of blocks, so that two threads share the work evenly.
  const int64_t blocks =
      whole.outputs < 32 ? 1 : 2 * ((whole.outputs - 1) / (2 * kGradientBlock) + 1);
  parallel_tasks(blocks, [&](int64_t index) {
    const RowRange range = part_of(whole.outputs, blocks, index);
    TransposedProduct<Element> block = whole;
    block.output_gradient += range.begin;
    block.outputs = range.size();
    block.result += range.begin * whole.inputs;
    multiply_transposed(block);
  });
}

// Weft's own: PanelMatrix or BytePanelMatrix.
template <typename Panels>
class PackedPanels : public PackedMatrix {
 public:
  explicit PackedPanels(const MatrixView& y) : panels_(y) {}
  void multiply(const float* x, int64_t rows, float* out, Write write) const override {
    panels_.multiply(x, rows, out, write);
  }

 private:
  Panels panels_;
};

std::shared_ptr<const PackedMatrix> pack_in_panels(const MatrixView& y, Precision precision) {
  if (precision == Precision::kInt8)
    return std::make_shared<const PackedPanels<BytePanelMatrix>>(y);
  return std::make_shared<const PackedPanels<PanelMatrix>>(y);
}

}  // namespace

bool has_products_in(Precision precision) {
  return precision == Precision::kFloat32 || library_packs_in(precision) ||
         (precision == Precision::kInt8 && has_fast_byte_panels());
}

const char* maker_of_products(Precision precision) {
  return library_packs_in(precision) ? library_name() : "Weft";
}

PackedWeight::PackedWeight(const torch::Tensor& weight, WeightUse use, Precision precision) {
  TORCH_CHECK(
      weight.dim() == 2 && weight.scalar_type() == torch::kFloat32 && weight.device().is_cpu(),
      "PackedWeight: expected a float32 matrix on the CPU");
  TORCH_CHECK(has_products_in(precision), "PackedWeight: no products in this precision here");
  TORCH_CHECK(use == WeightUse::kForward || precision != Precision::kInt8,
              "PackedWeight: int8 has no gradients");
  const torch::Tensor rows = weight.detach().contiguous();
  const int64_t width = rows.size(1);
  const MatrixView w{rows.data_ptr<float>(), rows.size(0), width, width, 1};
  const MatrixView transposed{w.values, w.columns, w.rows, w.column_stride, w.row_stride};
  const MatrixView& y = use == WeightUse::kForward ? transposed : w;
  inputs_ = y.rows;
  outputs_ = y.columns;
  maker_ = library_name();
  matrix_ = pack_by_library(y, precision);
  if (matrix_) return;
  maker_ = "Weft";
  matrix_ = pack_in_panels(y, precision);
}

void PackedWeight::multiply(const float* x, int64_t rows, float* out, Write write) const {
  matrix_->multiply(x, rows, out, write);
}

void PackedWeight::multiply_all(const float* x, int64_t rows, float* out, Write write) const {
  const RowBlocks blocks(rows);
  parallel_tasks(blocks.count(), [&](int64_t index) {
    const RowRange block = blocks[index];
    multiply(x + block.begin * inputs_, block.size(), out + block.begin * outputs_, write);
  });
}

void compute_weight_gradient(const WeightGradient& g, Precision precision) {
  TORCH_CHECK(precision != Precision::kInt8, "int8 has no gradients");
  if (!library_packs_in(precision)) {
    TORCH_CHECK(precision == Precision::kFloat32, "no products in this precision here");
    compute_gradient_by_panels(g);
    return;
  }
  if (precision == Precision::kFloat32) {
    multiply_in_blocks(TransposedProduct<float>{g.output_gradient, g.output_stride, g.input, g.rows,
                                                g.outputs, g.inputs, g.weight_gradient, g.write});
    return;
  }
  const auto output = rounded_rows(g.output_gradient, g.output_stride, g.rows, g.outputs);
  const auto input = rounded_rows(g.input, g.inputs, g.rows, g.inputs);
  multiply_in_blocks(TransposedProduct<Bfloat16>{output.get(), g.outputs, input.get(), g.rows,
                                                 g.outputs, g.inputs, g.weight_gradient, g.write});
}

void compute_column_sum(const ColumnSum& sum) {
  constexpr int64_t kColumns = 512;
  parallel_tasks((sum.columns + kColumns - 1) / kColumns, [&](int64_t part) {
    const int64_t begin = part * kColumns;
    const int64_t size = std::min(kColumns, sum.columns - begin);
    if (sum.write == Write::kReplace) std::fill_n(sum.out + begin, size, 0.0F);
    for (int64_t row = 0; row < sum.rows; ++row) {
      add_to(sum.x + row * sum.stride + begin, sum.out + begin, size);
    }
  });
}

}  // namespace weft::kernels
