#include "kernels/gru_row.h"

#include "base/vector_clones.h"
#include "kernels/scalar_math.h"

namespace weft::kernels {

WEFT_VECTOR_CLONES
void gru_forward_row(const GruRow& row, int64_t hidden) {
  const GruRow p = row;  // a copy: stores through its pointers cannot change it
  const int64_t h = hidden;
#pragma omp simd
  for (int64_t i = 0; i < h; ++i) {
    const float r = fast_sigmoid(p.input_gates[i] + p.state_gates[i] + p.bias[i]);
    const float z = fast_sigmoid(p.input_gates[h + i] + p.state_gates[h + i] + p.bias[h + i]);
    const float u = p.state_gates[2 * h + i] + p.bias[2 * h + i];
    const float n = fast_tanh(p.input_gates[2 * h + i] + r * u);
    p.saved[i] = r;
    p.saved[h + i] = z;
    p.saved[2 * h + i] = n;
    p.saved[3 * h + i] = u;
    p.state[i] = n + z * (p.previous[i] - n);
  }
}

WEFT_VECTOR_CLONES
void gru_backward_row(const GruRowGradient& row, int64_t hidden) {
  const GruRowGradient p = row;
  const int64_t h = hidden;
#pragma omp simd
  for (int64_t i = 0; i < h; ++i) {
    const float r = p.saved[i];
    const float z = p.saved[h + i];
    const float n = p.saved[2 * h + i];
    const float u = p.saved[3 * h + i];
    const float d = p.state[i];
    const float dn = d * (1.0F - z) * (1.0F - n * n);  // before the tanh
    p.input_gates[i] = dn * u * r * (1.0F - r);
    p.input_gates[h + i] = d * (p.previous[i] - n) * z * (1.0F - z);
    p.input_gates[2 * h + i] = dn;
    p.hidden_candidate[i] = dn * r;
    p.previous_gradient[i] = d * z;
  }
}

}  // namespace weft::kernels
