#pragma once
// How well each annotation answers a query: what attention normalises to weights.

#include <torch/nn/module.h>
#include <torch/types.h>

#include <memory>

#include "config/model_options.h"
#include "ops/compute_context.h"

namespace weft {

/// Widths of what an attention reads.
struct AttentionWidths {
  int64_t query = 0;       ///< Q, the decoder's state
  int64_t annotation = 0;  ///< C
};

/// Multiply-adds of attention; what grows no faster than the states is left out.
struct AttentionWork {
  int64_t per_annotation = 0;
  int64_t per_query = 0;
  int64_t per_pair = 0;  ///< of a query and an annotation
};

/// What all scores share. Several heads (K) each score with a slice of the query and of the keys.
class AttentionScoreImpl : public torch::nn::Module {
 public:
  virtual void initialize() = 0;
  /// The part that needs no query, computed once per source: annotations [B, S, C] -> keys
  /// [B, S, A].
  virtual torch::Tensor precompute(const ComputeContext& compute,
                                   const torch::Tensor& annotations) = 0;
  virtual int64_t key_width() const = 0;  ///< A
  virtual AttentionWork work() const = 0;
  /// query [N, Q], keys [N, S, A] -> e [N, K, S]; what padding holds does not matter.
  virtual torch::Tensor energies(const ComputeContext& compute, const torch::Tensor& query,
                                 const torch::Tensor& keys) = 0;
};

using AttentionScore = std::shared_ptr<AttentionScoreImpl>;

/// Null for kNone.
AttentionScore make_attention_score(const AttentionOptions& options, const AttentionWidths& widths);

}  // namespace weft
