#include "kernels/cross_entropy_row.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/vector_clones.h"
#include "kernels/scalar_math.h"
#include "kernels/vector_math.h"

namespace weft::kernels {
namespace {

// What the loss needs of l = W x + b.
struct LogitSummary {
  float largest;
  float sum;
};

WEFT_VECTOR_CLONES
LogitSummary add_bias(float* logits, const float* bias, int64_t count) {
  int32_t largest = order_key(-std::numeric_limits<float>::infinity());
  float sum = 0;
#pragma omp simd reduction(max : largest) reduction(+ : sum)
  for (int64_t v = 0; v < count; ++v) {
    logits[v] += bias[v];
    largest = std::max(largest, order_key(logits[v]));
    sum += logits[v];
  }
  return {float_of_key(largest), sum};
}

// Leaves the exponentials and returns their sum.
WEFT_VECTOR_CLONES
float exponentiate(float* logits, float largest, int64_t count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t v = 0; v < count; ++v) {
    logits[v] = fast_exp(logits[v] - largest);
    sum += logits[v];
  }
  return sum;
}

WEFT_VECTOR_CLONES
void scale_and_shift(float* values, float scale, float shift, int64_t count) {
#pragma omp simd
  for (int64_t v = 0; v < count; ++v) values[v] = values[v] * scale - shift;
}

TokenLoss token_loss(const CrossEntropyRow& row, double log_sum, float logit_sum,
                     float target_logit) {
  const double mean = static_cast<double>(logit_sum) / static_cast<double>(row.vocabulary);
  const double nll = log_sum - static_cast<double>(target_logit);
  return {(1 - row.smoothing) * nll + row.smoothing * (log_sum - mean), nll};
}

}  // namespace

TokenLoss cross_entropy_row(const CrossEntropyRow& row) {
  const LogitSummary summary = add_bias(row.logits, row.bias, row.vocabulary);
  const float sum = sum_of_exponentials(row.logits, summary.largest, row.vocabulary);
  const double log_sum = static_cast<double>(summary.largest) + std::log(static_cast<double>(sum));
  return token_loss(row, log_sum, summary.sum, row.logits[row.target]);
}

TokenLoss cross_entropy_gradient_row(const CrossEntropyRow& row) {
  const LogitSummary summary = add_bias(row.logits, row.bias, row.vocabulary);
  const float target_logit = row.logits[row.target];
  const float sum = exponentiate(row.logits, summary.largest, row.vocabulary);
  const double log_sum = static_cast<double>(summary.largest) + std::log(static_cast<double>(sum));
  const double share = row.smoothing / static_cast<double>(row.vocabulary);
  scale_and_shift(row.logits, 1.0F / sum, static_cast<float>(share), row.vocabulary);
  row.logits[row.target] -= static_cast<float>(1 - row.smoothing);
  return token_loss(row, log_sum, summary.sum, target_logit);
}

}  // namespace weft::kernels
