#include "kernels/attention_row.h"

#include <algorithm>
#include <limits>

#include "base/vector_clones.h"
#include "kernels/scalar_math.h"

namespace weft::kernels {
namespace {

WEFT_VECTOR_CLONES
float energy_of(const float* query, const float* key, const float* energy, int64_t width) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t a = 0; a < width; ++a) sum += energy[a] * fast_tanh(query[a] + key[a]);
  return sum;
}

WEFT_VECTOR_CLONES
float dot(const float* x, const float* y, int64_t count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (int64_t i = 0; i < count; ++i) sum += x[i] * y[i];
  return sum;
}

// The gradients of one energy e_j: d is dL/de_j.
struct KeyGradient {
  const float* query;
  const float* key;
  const float* energy;
  float* query_gradient;
  float* key_gradient;
  float* energy_gradient;
};

WEFT_VECTOR_CLONES
void add_energy_gradient(float d, const KeyGradient& pointers, int64_t width) {
  const KeyGradient p = pointers;
#pragma omp simd
  for (int64_t a = 0; a < width; ++a) {
    const float t = fast_tanh(p.query[a] + p.key[a]);
    const float g = d * p.energy[a] * (1.0F - t * t);
    p.query_gradient[a] += g;
    p.key_gradient[a] += g;
    p.energy_gradient[a] += d * t;
  }
}

}  // namespace

WEFT_VECTOR_CLONES
void add_scaled(float a, const float* x, float* y, int64_t count) {
#pragma omp simd
  for (int64_t i = 0; i < count; ++i) y[i] += a * x[i];
}

void attention_forward_row(const AttentionRow& row, float* weights, float* context) {
  float largest = -std::numeric_limits<float>::infinity();
  for (int64_t j = 0; j < row.positions; ++j) {
    if (!row.mask[j]) continue;
    weights[j] = energy_of(row.query, row.keys + j * row.width, row.energy, row.width);
    largest = std::max(largest, weights[j]);
  }
  float sum = 0;
  for (int64_t j = 0; j < row.positions; ++j) {
    weights[j] = row.mask[j] ? fast_exp(weights[j] - largest) : 0.0F;
    sum += weights[j];
  }
  std::fill_n(context, row.annotation_width, 0.0F);
  for (int64_t j = 0; j < row.positions; ++j) {
    if (!row.mask[j]) continue;
    weights[j] /= sum;
    add_scaled(weights[j], row.annotations + j * row.annotation_width, context,
               row.annotation_width);
  }
}

void attention_backward_row(const AttentionRow& row, const AttentionRowGradient& gradient) {
  // Through c = Σ_j α_j h_j and the softmax: de_j = α_j (dα_j - Σ_k α_k dα_k).
  float mean = 0;
  for (int64_t j = 0; j < row.positions; ++j) {
    if (!row.mask[j]) continue;
    gradient.energies[j] = gradient.weight_gradient[j] +
                           dot(gradient.context_gradient,
                               row.annotations + j * row.annotation_width, row.annotation_width);
    mean += gradient.weights[j] * gradient.energies[j];
  }
  std::fill_n(gradient.query, row.width, 0.0F);
  for (int64_t j = 0; j < row.positions; ++j) {
    if (!row.mask[j]) continue;
    const float d = gradient.weights[j] * (gradient.energies[j] - mean);
    add_energy_gradient(d,
                        {row.query, row.keys + j * row.width, row.energy, gradient.query,
                         gradient.keys + j * row.width, gradient.energy},
                        row.width);
  }
}

}  // namespace weft::kernels
