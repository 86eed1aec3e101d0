#pragma once
// The gradients of a GRU's U and c from those of its gates: one product over all steps at the end.

#include <cstdint>

#include "config/training_options.h"

namespace weft::kernels {

struct GruParameterGradients {
  const float* input_gates;       ///< [rows, 3H] from gru_backward_row
  const float* hidden_candidate;  ///< [rows, H] from gru_backward_row
  const float* previous;          ///< [rows, H]: the state every step read
  int64_t rows;                   ///< sentences times steps; those at padding are 0
  int64_t hidden;
  float* weight_gradient;  ///< [3H, H] out
  float* bias_gradient;    ///< [3H] out
};
void gru_parameter_gradients(const GruParameterGradients& gradients, Precision precision);

}  // namespace weft::kernels
