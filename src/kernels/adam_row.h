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

struct AdamRowCoefficients {
  float gradient_scale, beta1, beta2, step_size, variance_scale, epsilon;
};

void adam_row(const AdamRow& row, const AdamRowCoefficients& coefficients, int64_t count);

/// average += (1 - decay) (x - average)
void average_row(const float* x, float* average, float decay, int64_t count);

/// Σ x²
double sum_of_squares(const float* x, int64_t count);

}  // namespace weft::kernels
