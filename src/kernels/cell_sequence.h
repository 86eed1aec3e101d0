#pragma once
// All steps of a GRU or an LSTM in one autograd function.

#include <torch/types.h>

#include "kernels/direction.h"
#include "kernels/product_context.h"

namespace weft::kernels {

/// B sentences of S steps, H hidden units, G gates (GRU: 3, LSTM: 4), W units of state (GRU: H;
/// LSTM: [h, c], 2H); float32 on the CPU.
struct CellSequence {
  torch::Tensor input_gates;  ///< W x + b [B, S, GH], for all steps at once
  torch::Tensor initial;      ///< [B, W]
  torch::Tensor weight_hh;    ///< U [GH, H]
  torch::Tensor bias_hh;      ///< c [GH]
  torch::Tensor mask;         ///< bool [B, S]; where it is false the state is carried over
};

/// The states [B, S, W] of the cells of ops/recurrence.h; the gradient reaches all four
/// floating-point inputs. The result does not depend on the number of threads. Throws c10::Error on
/// a wrong shape.
torch::Tensor gru_sequence(const CellSequence& sequence, Direction direction,
                           const ProductContext& context);
torch::Tensor lstm_sequence(const CellSequence& sequence, Direction direction,
                            const ProductContext& context);

}  // namespace weft::kernels
