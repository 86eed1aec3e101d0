#include "kernels/adam_row.h"

#include <algorithm>
#include <cmath>

#include "base/vector_clones.h"

namespace weft::kernels {
namespace {

WEFT_VECTOR_CLONES
float short_sum_of_squares(const float* x, int64_t count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; ++i) sum += x[i] * x[i];
  return sum;
}

}  // namespace

WEFT_VECTOR_CLONES
void adam_row(const AdamRow& row, const AdamRowCoefficients& coefficients, int64_t count) {
  const AdamRow p = row;
  const AdamRowCoefficients c = coefficients;
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) {
    const float g = p.gradient[i] * c.gradient_scale;
    const float m = p.mean[i] + c.mean_share * (g - p.mean[i]);
    const float v = p.variance[i] + c.variance_share * (g * g - p.variance[i]);
    p.mean[i] = m;
    p.variance[i] = v;
    p.parameter[i] -= c.step_size * m / (std::sqrt(v) * c.variance_scale + c.epsilon);
  }
}

WEFT_VECTOR_CLONES
void average_row(const float* x, float* average, float share, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) average[i] += share * (x[i] - average[i]);
}

double sum_of_squares(const float* x, int64_t count) {
  constexpr int64_t kShort = 4096;  // so that float sums stay exact enough
  double sum = 0;
  for (int64_t begin = 0; begin < count; begin += kShort) {
    sum += static_cast<double>(short_sum_of_squares(x + begin, std::min(kShort, count - begin)));
  }
  return sum;
}

}  // namespace weft::kernels
