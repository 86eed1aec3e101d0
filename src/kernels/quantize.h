#pragma once
// 8-bit integers for matrix products: x ≈ s q. Weights are rounded once, by output; inputs when
// they come, by row (dynamic quantisation, as in Marian's intgemm: Kim et al. 2019, D19-5632).

#include <cstdint>

namespace weft::kernels {

/// Added to a rounded input so that it fits an unsigned byte, which the processor's dot product of
/// 8-bit integers wants on one side.
inline constexpr int32_t kInputOffset = 128;

/// q = round(x / s) + kInputOffset in [1, 255], s = max |x| / 127; returns s (0 for a row of
/// zeros, NaN for one that is not finite).
float quantize_input_row(const float* x, uint8_t* q, int64_t count);

/// q = round(x / s) in [-127, 127]; returns s.
float quantize_signed_row(const float* x, int8_t* q, int64_t count);

/// Added to a weight of 7 bits so that it fits an unsigned byte.
inline constexpr int32_t kWeightOffset = 64;

/// q = round(x / s) + kWeightOffset in [1, 127], s = max |x| / 63; returns s.
float quantize_to_7_bits(const float* x, uint8_t* q, int64_t count);

/// One row of x W^T from integer sums Σ_i q_x q_w.
struct IntegerProductRow {
  const int32_t* sums;     ///< [O]
  const int32_t* offsets;  ///< [O] kInputOffset Σ_i q_w, which the input's offset has added
  float input_scale;
  const float* weight_scales;  ///< [O]
  int64_t outputs;
};
void dequantize_row(const IntegerProductRow& row, float* out);
void dequantize_and_add_row(const IntegerProductRow& row, float* out);

}  // namespace weft::kernels
