#pragma once
// The conditional GRU under teacher forcing.

#include "kernels/conditional_gru.h"
#include "ops/backend.h"

namespace weft::ops {

using kernels::ConditionalGruInputs;
using kernels::ConditionalGruOutputs;

/// Conditional GRU with additive attention. Sennrich et al. 2017 (arXiv:1703.04357), section 4.2:
///   s'_i = GRU_1(y_{i-1}; s_{i-1}),   c_i, α_i = attend(W_q s'_i),   s_i = GRU_2(c_i; s'_i)
extern const Op<ConditionalGruOutputs, ConditionalGruInputs> conditional_gru;

}  // namespace weft::ops
