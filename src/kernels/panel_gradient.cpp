#include "kernels/panel_gradient.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "kernels/panel_matrix.h"
#include "kernels/parallel.h"

namespace weft::kernels {
namespace {

// Rows and outputs of one product: its parts of dY and of X's panel stay in the first two caches.
constexpr int64_t kRowsOfAPart = 512;
constexpr int64_t kOutputsOfABlock = 32;

int64_t parts_of(int64_t whole, int64_t part) {
  return std::max<int64_t>(1, (whole + part - 1) / part);
}

}  // namespace

void compute_gradient_by_panels(const WeightGradient& g) {
  const int64_t parts = parts_of(g.rows, kRowsOfAPart);
  std::vector<std::unique_ptr<const PanelMatrix>> inputs(static_cast<size_t>(parts));
  parallel_tasks(parts, [&](int64_t part) {
    const RowRange rows = part_of(g.rows, parts, part);
    inputs[static_cast<size_t>(part)] = std::make_unique<const PanelMatrix>(
        MatrixView{g.input + rows.begin * g.inputs, rows.size(), g.inputs, g.inputs, 1});
  });
  const int64_t blocks = parts_of(g.outputs, kOutputsOfABlock);
  parallel_tasks(blocks, [&](int64_t block) {
    const RowRange outputs = part_of(g.outputs, blocks, block);
    thread_local std::vector<float> dy;
    for (int64_t part = 0; part < parts; ++part) {
      const RowRange rows = part_of(g.rows, parts, part);
      dy.resize(static_cast<size_t>(rows.size() * outputs.size()));
      for (int64_t row = 0; row < rows.size(); ++row)
        std::copy_n(g.output_gradient + (rows.begin + row) * g.output_stride + outputs.begin,
                    outputs.size(), dy.data() + row * outputs.size());
      inputs[static_cast<size_t>(part)]->multiply_transposed(
          dy.data(), outputs.size(), g.weight_gradient + outputs.begin * g.inputs,
          part == 0 ? g.write : Write::kAdd);
    }
  });
}

}  // namespace weft::kernels
