#pragma once
// GRUs and LSTMs on a GPU.

#include <torch/types.h>

#include "ops/recurrence.h"

namespace weft::ops {

/// gru_step() and lstm_step() of ops/recurrence.h, elementwise operations in one.
torch::Tensor fused_gru_step(const ComputeContext& compute, const CellStep& step);
torch::Tensor fused_lstm_step(const ComputeContext& compute, const CellStep& step);

/// All steps in one call of cuDNN: gru_layer() and lstm_layer() of ops/recurrence.h. With
/// kBfloat16, states are rounded too.
torch::Tensor cudnn_gru(const ComputeContext& compute, const CellLayer& layer);
torch::Tensor cudnn_lstm(const ComputeContext& compute, const CellLayer& layer);

}  // namespace weft::ops
