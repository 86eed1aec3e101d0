#include "kernels/byte_panels.h"

#include <algorithm>
#include <cstring>

#include "kernels/quantize.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define WEFT_HAS_AVX2_CODE
#include <immintrin.h>
#endif

namespace weft::kernels {
namespace {

constexpr int64_t kBytes = 32;  // of a vector
constexpr int64_t kColumnsOfAVector = 8;
constexpr int64_t kVectorsOfAPanel = 2;
constexpr int64_t kColumnsOfAPanel = kColumnsOfAVector * kVectorsOfAPanel;
constexpr int64_t kGroup = 8;  // rows of y whose products are added before they are widened
constexpr int64_t kHalf = kGroup / 2;
constexpr int64_t kGroupBytes = kGroup * kColumnsOfAPanel;

// Rows of x in 8 bits, filled up with zeros to whole groups.
struct ByteRows {
  std::vector<int8_t> values;        // [rows, groups * 8]
  std::vector<int32_t> corrections;  // [rows, groups]: two 16-bit numbers each
  std::vector<float> scales;         // [rows]
};

ByteRows& rows_of_thread() {
  thread_local ByteRows rows;
  return rows;
}

void quantize_rows(const float* x, int64_t rows, int64_t depth, int64_t groups, ByteRows& result) {
  const int64_t width = groups * kGroup;
  result.values.resize(static_cast<size_t>(rows * width));
  result.scales.resize(static_cast<size_t>(rows));
  for (int64_t n = 0; n < rows; ++n) {
    int8_t* row = result.values.data() + n * width;
    result.scales[static_cast<size_t>(n)] = quantize_signed_row(x + n * depth, row, depth);
    std::fill(row + depth, row + width, int8_t{0});
  }
}

#ifdef WEFT_HAS_AVX2_CODE
#define WEFT_AVX2 __attribute__((target("avx2")))
#define WEFT_INLINE_AVX2 __attribute__((target("avx2"), always_inline)) inline

// -64 times the sums of the inputs whose products meet in one 16-bit number.
WEFT_AVX2 void correct(const int8_t* row, int64_t groups, int32_t* corrections) {
  constexpr int64_t kAtOnce = kBytes / kGroup;
  const __m256i offset = _mm256_set1_epi8(kWeightOffset);
  const __m256i low_halves = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);
  for (int64_t g = 0; g < groups; g += kAtOnce) {
    const int64_t left = std::min(kAtOnce, groups - g);
    __m256i x = _mm256_setzero_si256();
    std::memcpy(&x, row + g * kGroup, static_cast<size_t>(left * kGroup));
    const __m256i pairs = _mm256_maddubs_epi16(offset, x);
    const __m256i sums = _mm256_add_epi16(pairs, _mm256_srli_epi64(pairs, kBytes));
    const __m256i negative = _mm256_sub_epi16(_mm256_setzero_si256(), sums);
    const __m128i packed =
        _mm256_castsi256_si128(_mm256_permutevar8x32_epi32(negative, low_halves));
    std::memcpy(corrections + g, &packed, static_cast<size_t>(left) * sizeof(int32_t));
  }
}

// Where one tile of a product finds its factors and puts its sums.
struct ByteTile {
  const int8_t* x;
  const int32_t* corrections;
  const float* input_scales;
  const uint8_t* panel;
  const float* weight_scales;
  int64_t groups;
  float* out;
  int64_t out_stride;
  int64_t columns;  // of the result from `out` on: fewer than 16 in the last panel
  Write write;
};

WEFT_INLINE_AVX2 void write_sums(const __m256i* sums, float input_scale, const ByteTile& tile,
                                 float* out) {
  alignas(kBytes) float values[kColumnsOfAPanel];
  const bool whole = tile.columns >= kColumnsOfAPanel;
#pragma GCC unroll 2
  for (int64_t v = 0; v < kVectorsOfAPanel; ++v) {
    const int64_t at = v * kColumnsOfAVector;
    const __m256 scale =
        _mm256_mul_ps(_mm256_set1_ps(input_scale), _mm256_loadu_ps(tile.weight_scales + at));
    __m256 result = _mm256_mul_ps(_mm256_cvtepi32_ps(sums[v]), scale);
    if (whole && tile.write == Write::kAdd)
      result = _mm256_add_ps(_mm256_loadu_ps(out + at), result);
    _mm256_storeu_ps((whole ? out : values) + at, result);
  }
  if (whole) return;
  for (int64_t o = 0; o < tile.columns; ++o)
    out[o] = tile.write == Write::kAdd ? out[o] + values[o] : values[o];
}

WEFT_INLINE_AVX2 __m256i four_times(const int8_t* bytes) {
  int32_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return _mm256_set1_epi32(value);
}

// kRows rows of x times one panel.
template <int kRows>
WEFT_INLINE_AVX2 void multiply_byte_tile(const ByteTile& tile) {
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i sums[kRows][kVectorsOfAPanel];
  for (auto& row : sums) std::fill_n(row, kVectorsOfAPanel, _mm256_setzero_si256());
  for (int64_t g = 0; g < tile.groups; ++g) {
    const auto* y = reinterpret_cast<const __m256i*>(tile.panel + g * kGroupBytes);
#pragma GCC unroll 4
    for (int n = 0; n < kRows; ++n) {
      const int64_t at = n * tile.groups + g;
      const __m256i first = four_times(tile.x + at * kGroup);
      const __m256i second = four_times(tile.x + at * kGroup + kHalf);
      const __m256i correction = _mm256_set1_epi32(tile.corrections[at]);
#pragma GCC unroll 2
      for (int64_t v = 0; v < kVectorsOfAPanel; ++v) {
        const __m256i four = _mm256_add_epi16(_mm256_maddubs_epi16(y[2 * v], first),
                                              _mm256_maddubs_epi16(y[2 * v + 1], second));
        const __m256i exact = _mm256_add_epi16(four, correction);
        sums[n][v] = _mm256_add_epi32(sums[n][v], _mm256_madd_epi16(exact, ones));
      }
    }
  }
#pragma GCC unroll 4
  for (int n = 0; n < kRows; ++n)
    write_sums(sums[n], tile.input_scales[n], tile, tile.out + n * tile.out_stride);
}

// All rows of x times one panel.
WEFT_AVX2 void multiply_byte_rows(ByteTile tile, int64_t rows) {
  constexpr int64_t kMostRowsOfATile = 4;
  while (rows > 0) {
    const int64_t now = std::min(rows, kMostRowsOfATile);
    if (now == 4) {
      multiply_byte_tile<4>(tile);
    } else if (now == 3) {
      multiply_byte_tile<3>(tile);
    } else if (now == 2) {
      multiply_byte_tile<2>(tile);
    } else {
      multiply_byte_tile<1>(tile);
    }
    tile.x += now * tile.groups * kGroup;
    tile.corrections += now * tile.groups;
    tile.input_scales += now;
    tile.out += now * tile.out_stride;
    rows -= now;
  }
}
#endif

}  // namespace

bool has_fast_byte_panels() {
#ifdef WEFT_HAS_AVX2_CODE
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

BytePanelMatrix::BytePanelMatrix(const MatrixView& y)
    : depth_(y.rows), columns_(y.columns), groups_((y.rows + kGroup - 1) / kGroup) {
  const int64_t panels = (columns_ + kColumnsOfAPanel - 1) / kColumnsOfAPanel;
  panels_.resize(static_cast<size_t>(panels * groups_ * kGroupBytes / kBytes));
  scales_.resize(static_cast<size_t>(panels * kColumnsOfAPanel));
  auto* bytes = reinterpret_cast<uint8_t*>(panels_.data());
  std::vector<float> column(static_cast<size_t>(depth_));
  std::vector<uint8_t> rounded(column.size());
  for (int64_t o = 0; o < columns_; ++o) {
    for (int64_t i = 0; i < depth_; ++i)
      column[static_cast<size_t>(i)] = y.values[i * y.row_stride + o * y.column_stride];
    scales_[static_cast<size_t>(o)] = quantize_to_7_bits(column.data(), rounded.data(), depth_);
    for (int64_t i = 0; i < depth_; ++i) bytes[place(i, o)] = rounded[static_cast<size_t>(i)];
  }
}

int64_t BytePanelMatrix::place(int64_t i, int64_t o) const {
  const int64_t panel = o / kColumnsOfAPanel;
  const int64_t vector = o % kColumnsOfAPanel / kColumnsOfAVector;
  const int64_t half = i % kGroup / kHalf;
  return (panel * groups_ + i / kGroup) * kGroupBytes + (2 * vector + half) * kBytes +
         o % kColumnsOfAVector * kHalf + i % kHalf;
}

void BytePanelMatrix::multiply(const float* x, int64_t rows, float* out, Write write) const {
#ifdef WEFT_HAS_AVX2_CODE
  if (!has_fast_byte_panels()) return multiply_plain(x, rows, out, write);
  ByteRows& input = rows_of_thread();
  quantize_rows(x, rows, depth_, groups_, input);
  input.corrections.resize(static_cast<size_t>(rows * groups_));
  for (int64_t n = 0; n < rows; ++n)
    correct(input.values.data() + n * groups_ * kGroup, groups_,
            input.corrections.data() + n * groups_);
  const auto* panel = reinterpret_cast<const uint8_t*>(panels_.data());
  for (int64_t o = 0; o < columns_; o += kColumnsOfAPanel) {
    multiply_byte_rows({input.values.data(), input.corrections.data(), input.scales.data(), panel,
                        scales_.data() + o, groups_, out + o, columns_, columns_ - o, write},
                       rows);
    panel += groups_ * kGroupBytes;
  }
#else
  multiply_plain(x, rows, out, write);
#endif
}

void BytePanelMatrix::multiply_plain(const float* x, int64_t rows, float* out, Write write) const {
  ByteRows& input = rows_of_thread();
  quantize_rows(x, rows, depth_, groups_, input);
  const auto* bytes = reinterpret_cast<const uint8_t*>(panels_.data());
  for (int64_t n = 0; n < rows; ++n) {
    const int8_t* row = input.values.data() + n * groups_ * kGroup;
    for (int64_t o = 0; o < columns_; ++o) {
      int32_t sum = 0;
      for (int64_t i = 0; i < depth_; ++i) sum += row[i] * (bytes[place(i, o)] - kWeightOffset);
      const float value = static_cast<float>(sum) *
                          (input.scales[static_cast<size_t>(n)] * scales_[static_cast<size_t>(o)]);
      float& result = out[n * columns_ + o];
      result = write == Write::kAdd ? result + value : value;
    }
  }
}

}  // namespace weft::kernels
