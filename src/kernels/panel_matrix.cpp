#include "kernels/panel_matrix.h"

#include <algorithm>
#include <cstring>

#include "base/vector_clones.h"

namespace weft::kernels {
namespace {

// The compiler turns one Lanes into whatever vectors an instruction set has.
typedef float Lanes __attribute__((vector_size(32)));  // NOLINT: an attribute

constexpr int kLanes = 8;
constexpr int kVectors = 3;  // of a row of a panel
constexpr int64_t kPanelWidth = kLanes * kVectors;
constexpr int kMostRows = 4;  // 4 x 3 sums, 3 vectors of y and one number of x: 16 registers

// Where one tile of a product finds its factors and puts its sums.
struct Tile {
  const float* x;
  int64_t x_row;   // distance of rows of x
  int64_t x_step;  // distance of a row's numbers
  const float* panel;
  int64_t depth;
  float* out;
  int64_t out_stride;
  int64_t columns;  // of the result from `out` on: fewer than the tile's in the last panel
  Write write;
};

template <int kColumns>
[[gnu::always_inline]] inline void write_row(const Lanes* sums, const Tile& tile, float* out) {
  if (tile.columns >= kColumns * kLanes) {
#pragma GCC unroll 9
    for (int v = 0; v < kColumns; ++v) {
      Lanes result = sums[v];
      if (tile.write == Write::kAdd) {
        Lanes before;
        std::memcpy(&before, out + v * kLanes, sizeof before);
        result += before;
      }
      std::memcpy(out + v * kLanes, &result, sizeof result);
    }
    return;
  }
  Lanes copies[kColumns];
#pragma GCC unroll 9
  for (int v = 0; v < kColumns; ++v) copies[v] = sums[v];
  const auto* values = reinterpret_cast<const float*>(copies);
  for (int64_t o = 0; o < tile.columns; ++o) {
    out[o] = tile.write == Write::kAdd ? out[o] + values[o] : values[o];
  }
}

// kRows rows of x times kPanels panels that lie one after another.
template <int kRows, int kPanels>
[[gnu::always_inline]] inline void multiply_tile(const Tile& tile) {
  constexpr int kColumns = kPanels * kVectors;
  Lanes sums[kRows][kColumns] = {};
  const float* x = tile.x;
  for (int64_t i = 0; i < tile.depth; ++i) {
    Lanes y[kColumns];
#pragma GCC unroll 9
    for (int v = 0; v < kColumns; ++v) {
      const int64_t row = (v / kVectors) * tile.depth + i;
      y[v] =
          *reinterpret_cast<const Lanes*>(tile.panel + row * kPanelWidth + (v % kVectors) * kLanes);
    }
#pragma GCC unroll 4
    for (int n = 0; n < kRows; ++n) {
      const float factor = x[n * tile.x_row];
#pragma GCC unroll 9
      for (int v = 0; v < kColumns; ++v) sums[n][v] += factor * y[v];
    }
    x += tile.x_step;
  }
#pragma GCC unroll 4
  for (int n = 0; n < kRows; ++n) {
    write_row<kColumns>(sums[n], tile, tile.out + n * tile.out_stride);
  }
}

// All rows of x times one panel or two. Two rows of one panel are too few sums to keep the
// multipliers busy: they take both panels at once, and five rows are three and two, not four and
// one.
[[gnu::always_inline]] inline void multiply_rows(Tile tile, int64_t rows, int64_t panels) {
  while (rows > 0) {
    const int64_t now = rows == kMostRows + 1 ? 3 : std::min<int64_t>(rows, kMostRows);
    if (now == 2 && panels == 2) {
      multiply_tile<2, 2>(tile);
    } else {
      Tile part = tile;
      for (int64_t p = 0; p < panels; ++p) {
        if (now == 4) {
          multiply_tile<4, 1>(part);
        } else if (now == 3) {
          multiply_tile<3, 1>(part);
        } else if (now == 2) {
          multiply_tile<2, 1>(part);
        } else {
          multiply_tile<1, 1>(part);
        }
        part.panel += kPanelWidth * tile.depth;
        part.out += kPanelWidth;
        part.columns -= kPanelWidth;
      }
    }
    tile.x += now * tile.x_row;
    tile.out += now * tile.out_stride;
    rows -= now;
  }
}

WEFT_VECTOR_CLONES
void multiply_panels(Tile tile, int64_t rows) {
  while (tile.columns > 0) {
    const int64_t left = (tile.columns + kPanelWidth - 1) / kPanelWidth;
    // One row has sums enough in three panels.
    const int64_t panels = rows == 1 ? (left >= 3 ? 3 : 1) : (left >= 2 ? 2 : 1);
    if (panels == 3) {
      multiply_tile<1, 3>(tile);
    } else {
      multiply_rows(tile, rows, panels);
    }
    tile.panel += panels * kPanelWidth * tile.depth;
    tile.out += panels * kPanelWidth;
    tile.columns -= panels * kPanelWidth;
  }
}

// The columns of y, 24 or fewer, as one panel.
void pack_panel(const MatrixView& y, float* panel) {
  if (y.column_stride == 1) {
    for (int64_t i = 0; i < y.rows; ++i) {
      std::copy_n(y.values + i * y.row_stride, y.columns, panel + i * kPanelWidth);
    }
    return;
  }
  // In squares, so that few of y's and of the panel's cache lines are in use at a time.
  for (int64_t begin = 0; begin < y.rows; begin += kLanes) {
    const int64_t end = std::min(begin + kLanes, y.rows);
    for (int64_t o = 0; o < y.columns; ++o) {
      const float* column = y.values + o * y.column_stride;
      for (int64_t i = begin; i < end; ++i) panel[i * kPanelWidth + o] = column[i * y.row_stride];
    }
  }
}

}  // namespace

PanelMatrix::PanelMatrix(const MatrixView& y)
    : depth_(y.rows),
      columns_(y.columns),
      panels_(static_cast<size_t>((columns_ + kPanelWidth - 1) / kPanelWidth * depth_ * kVectors)) {
  auto* panel = reinterpret_cast<float*>(panels_.data());
  for (int64_t begin = 0; begin < columns_; begin += kPanelWidth) {
    MatrixView part = y;
    part.values += begin * y.column_stride;
    part.columns = std::min(kPanelWidth, columns_ - begin);
    pack_panel(part, panel);
    panel += depth_ * kPanelWidth;
  }
}

void PanelMatrix::multiply(const float* x, int64_t rows, float* out, Write write) const {
  multiply_panels({x, depth_, 1, reinterpret_cast<const float*>(panels_.data()), depth_, out,
                   columns_, columns_, write},
                  rows);
}

void PanelMatrix::multiply_transposed(const float* x, int64_t rows, float* out, Write write) const {
  multiply_panels({x, 1, rows, reinterpret_cast<const float*>(panels_.data()), depth_, out,
                   columns_, columns_, write},
                  rows);
}

}  // namespace weft::kernels
