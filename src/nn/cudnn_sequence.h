#pragma once
// Layers of GRUs and LSTMs on a GPU: all steps in one call of cuDNN, whose cells are those of
// nn/gru_cell.h and nn/lstm_cell.h.

#include <torch/types.h>

#include "config/training_options.h"
#include "kernels/direction.h"

namespace weft {

/// A layer and what it reads. Tokens stand before padding in every row of the mask.
struct CudnnSequence {
  torch::Tensor input;           ///< [B, S, I]
  torch::Tensor initial;         ///< h [B, H]
  torch::Tensor initial_memory;  ///< c [B, H] of an LSTM; undefined: a GRU
  torch::Tensor weight_ih, weight_hh, bias_ih, bias_hh;
  torch::Tensor mask;  ///< bool [B, S]
};

/// Outputs h [B, S, H] of all steps, carried over unchanged at padding. With kBfloat16, states are
/// rounded too.
torch::Tensor cudnn_sequence(const CudnnSequence& sequence, kernels::Direction direction,
                             Precision precision);

}  // namespace weft
