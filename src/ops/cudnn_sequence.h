#pragma once
// Layers of GRUs and LSTMs on a GPU: all steps in one call of cuDNN.

#include <torch/types.h>

#include "ops/recurrence.h"

namespace weft::ops {

/// gru_layer() and lstm_layer() of ops/recurrence.h. With kBfloat16, states are rounded too.
torch::Tensor cudnn_gru(const ComputeContext& compute, const CellLayer& layer);
torch::Tensor cudnn_lstm(const ComputeContext& compute, const CellLayer& layer);

}  // namespace weft::ops
