#include "kernels/lstm_row.h"

#include "base/vector_clones.h"
#include "kernels/scalar_math.h"

namespace weft::kernels {

WEFT_VECTOR_CLONES
void lstm_forward_row(const LstmRow& row, int64_t hidden) {
  const LstmRow p = row;  // a copy: stores through its pointers cannot change it
  const int64_t h = hidden;
#pragma omp simd
  for (int64_t k = 0; k < h; ++k) {
    const float i = fast_sigmoid(p.input_gates[k] + p.state_gates[k] + p.bias[k]);
    const float f = fast_sigmoid(p.input_gates[h + k] + p.state_gates[h + k] + p.bias[h + k]);
    const float g =
        fast_tanh(p.input_gates[2 * h + k] + p.state_gates[2 * h + k] + p.bias[2 * h + k]);
    const float o =
        fast_sigmoid(p.input_gates[3 * h + k] + p.state_gates[3 * h + k] + p.bias[3 * h + k]);
    const float c = f * p.memory[k] + i * g;
    const float tanh_c = fast_tanh(c);
    p.saved[k] = i;
    p.saved[h + k] = f;
    p.saved[2 * h + k] = g;
    p.saved[3 * h + k] = o;
    p.saved[4 * h + k] = tanh_c;
    p.memory[k] = c;
    p.hidden[k] = o * tanh_c;
  }
}

WEFT_VECTOR_CLONES
void lstm_backward_row(const LstmRowGradient& row, int64_t hidden) {
  const LstmRowGradient p = row;
  const int64_t h = hidden;
#pragma omp simd
  for (int64_t k = 0; k < h; ++k) {
    const float i = p.saved[k];
    const float f = p.saved[h + k];
    const float g = p.saved[2 * h + k];
    const float o = p.saved[3 * h + k];
    const float tanh_c = p.saved[4 * h + k];
    const float dc = p.memory[k] + p.hidden[k] * o * (1.0F - tanh_c * tanh_c);
    p.gates[k] = dc * g * i * (1.0F - i);
    p.gates[h + k] = dc * p.previous[k] * f * (1.0F - f);
    p.gates[2 * h + k] = dc * i * (1.0F - g * g);
    p.gates[3 * h + k] = p.hidden[k] * tanh_c * o * (1.0F - o);
    p.memory[k] = dc * f;
    p.hidden[k] = 0.0F;
  }
}

}  // namespace weft::kernels
