#pragma once
// The two passes behind conditional_gru.h.

#include <torch/types.h>

#include "kernels/conditional_gru.h"

namespace weft::kernels {

struct ConditionalGruSizes {
  int64_t batch;
  int64_t steps;             ///< T
  int64_t hidden;            ///< H
  int64_t positions;         ///< S
  int64_t width;             ///< A
  int64_t annotation_width;  ///< C
};

/// What the backward pass needs of the steps.
struct ConditionalGruSaved {
  torch::Tensor first_gates;   ///< [B, T, 4H], see gru_row.h
  torch::Tensor between;       ///< s' [B, T, H]
  torch::Tensor queries;       ///< W_q s' [B, T, A]
  torch::Tensor second_gates;  ///< [B, T, 4H]
};

/// Inputs are contiguous and of matching shapes; all tensors of `outputs` and `saved` are written.
void conditional_gru_forward(const ConditionalGruInputs& inputs, const ConditionalGruSizes& sizes,
                             const ProductContext& context, ConditionalGruOutputs& outputs,
                             ConditionalGruSaved& saved);

/// `output_gradients` are contiguous. Returns the gradient of every floating-point input;
/// `input_gates` of `inputs` itself is not read.
ConditionalGruInputs conditional_gru_backward(const ConditionalGruInputs& inputs,
                                              const ConditionalGruSizes& sizes, Precision precision,
                                              const ConditionalGruOutputs& outputs,
                                              const ConditionalGruSaved& saved,
                                              const ConditionalGruOutputs& output_gradients);

}  // namespace weft::kernels
