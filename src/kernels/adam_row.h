#pragma once
// Adam's update of a stretch of one parameter; the equations are in adam_step.h.

#include <cstdint>

namespace weft::kernels {

struct AdamRow {
  float* parameter;
  const float* gradient;
  float* mean;
  float* variance;
};

/// 1 - β and not β, which as a float may be 1.
struct AdamRowCoefficients {
  float gradient_scale;
  float mean_share;      ///< 1 - β₁
  float variance_share;  ///< 1 - β₂
  float step_size;
  float variance_scale;
  float epsilon;  ///< > 0
};

void adam_row(const AdamRow& row, const AdamRowCoefficients& coefficients, int64_t count);

/// average += share (x - average)
void average_row(const float* x, float* average, float share, int64_t count);

/// Σ x²
double sum_of_squares(const float* x, int64_t count);

}  // namespace weft::kernels
