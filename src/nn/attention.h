#pragma once
// Attention: a query and n annotations in, a distribution over them and their mean out.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "config/model_options.h"
#include "nn/attention_score.h"
#include "nn/linear.h"

namespace weft {

class AdditiveScoreImpl;

/// What queries are compared with; where it came from does not matter. B sets of S annotations.
struct AttentionMemory {
  torch::Tensor values;  ///< what is averaged [B, S, C]: h, or maps of it
  torch::Tensor keys;    ///< the score's part without a query [B, S, A], computed once
  torch::Tensor mask;    ///< bool [B, S], true at tokens; every row has at least one
  torch::Tensor sets;    ///< int64 [N]: the set each query reads; undefined: query n reads set n
};

/// What an attention carries from step to step for N queries; most kinds carry nothing.
struct AttentionState {
  /// The state of the given queries, rows int64 [M]: reorders, repeats or drops them.
  AttentionState select(const torch::Tensor& rows) const;
};

struct AttentionOutput {
  torch::Tensor context;  ///< c [N, C]
  torch::Tensor weights;  ///< α [N, S]; each row sums to 1 and is exactly 0 at padding
  AttentionState state;   ///< for the next step
};

/// Attention in small parts:
///   e_j = score(q, h_j),   α = softmax(e),   c = Σ_j α_j h_j
/// Parameters of the parts are registered as its own.
class AttentionImpl : public torch::nn::Module {
 public:
  AttentionImpl(const AttentionOptions& options, const AttentionWidths& widths);
  void initialize();
  /// annotations [B, S, C], mask bool [B, S]: computes once what needs no query.
  AttentionMemory remember(const torch::Tensor& annotations, const torch::Tensor& mask);
  /// Before the first step, for a query per set of annotations [B, S, C].
  AttentionState start(const torch::Tensor& annotations) const;
  /// One step. query [N, Q]: query n is compared with set memory.sets[n].
  AttentionOutput forward(const torch::Tensor& query, const AttentionState& state,
                          const AttentionMemory& memory);

  /// Whether c = Σ_j α_j v_j with Σ_j α_j = 1 for any values v: then an affine map of c is the mean
  /// of the map of the annotations, and may be computed once per source.
  bool averages_values() const;
  /// The score, if this is the combination that kernels compute (src/kernels/search_step.h,
  /// src/kernels/conditional_gru.h); otherwise null.
  const AdditiveScoreImpl* additive_softmax() const;

 private:
  AttentionOptions options_;
  AttentionScore score_;
};
TORCH_MODULE(Attention);

}  // namespace weft
