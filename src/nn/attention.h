#pragma once
// Attention: a query and n annotations in, a distribution over them and their mean out.

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "config/model_options.h"
#include "nn/attention_score.h"
#include "nn/attention_window.h"
#include "nn/coverage.h"
#include "nn/hard_attention.h"
#include "nn/linear.h"
#include "ops/attention.h"

namespace weft {

class AdditiveScoreImpl;

/// What queries are compared with; where it came from does not matter. B sets of S annotations.
struct AttentionMemory {
  torch::Tensor values;              ///< what is averaged [B, S, C]: h, or maps of it
  torch::Tensor keys;                ///< the score's part without a query [B, S, A], computed once
  torch::Tensor mask;                ///< bool [B, S], true at tokens; every row has at least one
  torch::Tensor sets;                ///< int64 [N]: the set each query reads; undefined: query
                                     ///< n reads set n
  torch::Tensor coverage = {};       ///< the coverage's part without a query [B, S, ...]
  ops::SharedAttention shared = {};  ///< of additive attention in training
  /// Of several sources that of each; of the above, they share mask and sets alone.
  std::vector<AttentionMemory> sources = {};
};

/// What an attention carries from step to step for N queries; most kinds carry nothing.
struct AttentionState {
  torch::Tensor coverage = {};  ///< [N, S, D]; undefined without coverage
  torch::Tensor step = {};  ///< int64 [N], steps taken; undefined unless the window moves with it
  /// bool [N], true where hard attention in training is soft after all; otherwise undefined
  torch::Tensor expected = {};
  std::vector<AttentionState> sources = {};  ///< of several sources that of each
  /// The state of the given queries, rows int64 [M]: reorders, repeats or drops them.
  AttentionState select(const torch::Tensor& rows) const;
};

struct AttentionOutput {
  torch::Tensor context;  ///< c [N, C]
  /// α [N, S], the mean of the heads (or the first, see show_first_head()), exactly 0 at padding;
  /// each row sums to 1 (to less with a predictive window). Undefined without attention.
  torch::Tensor weights;
  AttentionState state;  ///< for the next step
  AttentionSample sample = {};
};

/// Attention in small parts: a score, a normalisation, a window and a coverage.
///   e_j = score(q, h_j),   α = normalize(e),   c = Σ_j α_j h_j
/// Without a score (kNone) every context is the source's fixed vector: the encoder-decoder of Cho
/// et al. 2014 (arXiv:1406.1078). With K > 1 heads, as in Vaswani et al. 2017 (arXiv:1706.03762),
/// section 3.2.2, head k normalises energies of its own and averages a slice of C/K units:
///   c = W^O [c^1 ; ... ; c^K],   c^k = Σ_j α^k_j (W^V h_j)^k
/// With hard attention the context is one annotation (nn/hard_attention.h): drawn by its weight in
/// training, the heaviest otherwise. Parameters of the parts are registered as its own.
class AttentionImpl : public torch::nn::Module {
 public:
  AttentionImpl(const AttentionOptions& options, const AttentionWidths& widths);
  virtual void initialize();
  /// Of the parts too, which are not children: their parameters have names without theirs.
  void train(bool on = true) override;
  /// annotations [B, S, C], mask bool [B, S]: computes once what needs no query. `fixed` [B, C] is
  /// the context without a score, and not read otherwise. `sections` has how many annotations each
  /// of several sources has; they are of one source if it is empty.
  virtual AttentionMemory precompute(const ComputeContext& compute,
                                     const torch::Tensor& annotations, const torch::Tensor& mask,
                                     const torch::Tensor& fixed = {},
                                     const std::vector<int64_t>& sections = {});
  /// Before the first step, for a query per set of annotations [B, S, C].
  virtual AttentionState start(const torch::Tensor& annotations,
                               const std::vector<int64_t>& sections = {}) const;
  /// One step. query [N, Q]: query n is compared with set memory.sets[n].
  virtual AttentionOutput forward(const ComputeContext& compute, const torch::Tensor& query,
                                  const AttentionState& state, const AttentionMemory& memory);

  /// From now on the weights of outputs are the first head's: the one that is guided (Garg et al.
  /// 2019, D19-1453, section 4.2) is the one to be read.
  void show_first_head() { shows_first_head_ = true; }
  /// Of several sources, an annotation is one of the first's.
  virtual AttentionWork work() const;
  /// Whether there are weights: whether there is a score.
  bool has_weights() const { return score_ != nullptr; }
  /// Whether c = Σ_j α_j v_j with Σ_j α_j = 1 for any values v: then an affine map of c is the mean
  /// of the map of the annotations, and may be computed once per source.
  virtual bool averages_values() const;
  /// The score, if this is the attention of ops/attention.h; otherwise null.
  const AdditiveScoreImpl* additive_softmax() const;

 private:
  torch::Tensor normalize(const torch::Tensor& energies) const;
  /// The heads' contexts, from weights [N, K, S] and values [N, S, C], put together to [N, C].
  torch::Tensor average(const ComputeContext& compute, const torch::Tensor& weights,
                        const torch::Tensor& values);

  AttentionOptions options_;
  int64_t annotation_width_;
  AttentionScore score_;
  AttentionWindow window_;
  Coverage coverage_;
  Linear value_{nullptr}, output_{nullptr};  // W^V, W^O of several heads
  bool shows_first_head_ = false;
};
TORCH_MODULE(Attention);

}  // namespace weft
