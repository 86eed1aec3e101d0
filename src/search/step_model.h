#pragma once
// All that search sees of a model: states and last tokens in, log-probabilities, attention and next
// states out.

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "kernels/frozen_weights.h"
#include "model/translation_model.h"

namespace weft {

/// Where B sentences with N = B·K hypotheses stand. One entry per model of an ensemble.
struct SearchState {
  std::vector<AttentionMemory> memories;  ///< B sentences each
  std::vector<DecoderState> states;       ///< N hypotheses each, grouped by sentence
  /// int64 `sentences` [B'] and `hypotheses` [N'], N' a multiple of B'.
  SearchState select(const torch::Tensor& sentences, const torch::Tensor& hypotheses) const;
  /// The same sentences in the same order, other hypotheses.
  SearchState select_hypotheses(const torch::Tensor& hypotheses) const;
};

struct StepResult {
  torch::Tensor log_probs;  ///< [N, V]
  torch::Tensor attention;  ///< α [N, S]
  SearchState state;
};

class StepModel {
 public:
  virtual ~StepModel() = default;
  /// One hypothesis per sentence, before the first token.
  virtual SearchState start(const SourceBatch& source) = 0;
  /// last_tokens int64 [N]
  virtual StepResult step(const torch::Tensor& last_tokens, const SearchState& state) = 0;
};

/// One model, or several that share their vocabularies: the probabilities and the attention are the
/// mean of theirs.
class Ensemble : public StepModel {
 public:
  /// In evaluation mode, on one device. At least one. Their weights must not change while it
  /// lives.
  explicit Ensemble(std::vector<TranslationModel> models);
  SearchState start(const SourceBatch& source) override;
  StepResult step(const torch::Tensor& last_tokens, const SearchState& state) override;

 private:
  std::vector<TranslationModel> models_;
  kernels::FrozenWeights frozen_;  // nothing changes the weights while they search
};

}  // namespace weft
