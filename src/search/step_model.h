#pragma once
// All that search sees of a model: states and last tokens in, logits, attention and next states
// out.

#include <torch/types.h>

#include <memory>

#include "data/batch.h"
#include "search/token_lists.h"

namespace weft {

/// Where N hypotheses stand, in whatever form the model keeps it. Search hands it back and selects
/// rows of it; it never looks inside.
class StepState {
 public:
  virtual ~StepState() = default;
  /// int64 hypotheses [M]: reorders, repeats or drops them.
  virtual std::unique_ptr<StepState> select(const torch::Tensor& hypotheses) const = 0;
};

struct StepResult {
  torch::Tensor logits;  ///< [N, V]; log-probabilities are their log_softmax. With lists [N, W]: of
                         ///< the tokens of each hypothesis's list
  torch::Tensor attention;  ///< α [N, S]; undefined without attention
  std::unique_ptr<StepState> state;
  ListedColumns columns = {};  ///< what the columns are; without lists as it is
};

/// Several threads may search with one model at once.
class StepModel {
 public:
  virtual ~StepModel() = default;
  /// One hypothesis per sentence, before the first token. `lists`, if they have any, has one for
  /// each sentence.
  virtual std::unique_ptr<StepState> start(const SourceBatch& sources, const TokenLists& lists) = 0;
  std::unique_ptr<StepState> start(const SourceBatch& sources) { return start(sources, {}); }
  /// last_tokens int64 [N]; `state` came from this model, N hypotheses.
  virtual StepResult step(const torch::Tensor& last_tokens, const StepState& state) = 0;
  /// Where it computes: sources and last tokens are there.
  virtual torch::Device device() const { return torch::kCPU; }
  /// Whether steps return attention weights.
  virtual bool has_attention() const { return true; }
  virtual bool has_alignment_head() const { return false; }
  /// What the alignment head says of complete targets: α' [B, T, S]; undefined without one.
  virtual torch::Tensor explain(const Batch& /*pairs*/) { return {}; }
};

}  // namespace weft
