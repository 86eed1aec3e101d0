#pragma once
// One step of N hypotheses in search, without gradients: what
// ops/recurrence.h and ops/attention.h have for the processor. float32 on the CPU; rows do not
// depend on one another or on the number of threads. All throw c10::Error on a wrong shape.

#include <torch/types.h>

#include "kernels/product_context.h"

namespace weft::kernels {

struct CellStep {
  torch::Tensor input_gates;  ///< W x + b [N, 3H] (GRU) or [N, 4H] (LSTM)
  torch::Tensor state;        ///< [N, H] (GRU) or [h, c] [N, 2H] (LSTM)
  torch::Tensor weight_hh;    ///< U
  torch::Tensor bias_hh;
};

/// The next state [N, H]; equations in ops/recurrence.h.
torch::Tensor gru_step(const CellStep& step, const ProductContext& context);

/// The next state [N, 2H]; equations in ops/recurrence.h.
torch::Tensor lstm_step(const CellStep& step, const ProductContext& context);

/// B sentences of S positions and N queries, each over one of the sentences.
struct AttentionStep {
  torch::Tensor query;   ///< W q [N, A]
  torch::Tensor keys;    ///< U h_j + b [B, S, A]
  torch::Tensor energy;  ///< v [A]
  torch::Tensor values;  ///< h [B, S, C], or maps of it
  torch::Tensor mask;    ///< bool [B, S], true at tokens
  torch::Tensor sets;    ///< int64 [N]: each query's sentence; undefined: query n's is n
};

struct AttentionStepOutput {
  torch::Tensor context;  ///< c [N, C]
  torch::Tensor weights;  ///< α [N, S]; each row sums to 1 and is exactly 0 at padding
};

/// e_j = v^T tanh(W q + U h_j + b),   α = softmax(e),   c = Σ_j α_j h_j
AttentionStepOutput attention_step(const AttentionStep& step);

}  // namespace weft::kernels
