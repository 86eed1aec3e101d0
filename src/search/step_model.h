#pragma once
// All that search sees of a model: states and last tokens in, logits, attention and next states
// out.

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "kernels/frozen_weights.h"
#include "model/translation_model.h"

namespace weft {

/// Where N hypotheses of B sentences stand. One entry per model of an ensemble.
struct SearchState {
  std::vector<DecoderMemory> memories;  ///< B sentences each; stay as they are
  std::vector<DecoderState> states;     ///< N hypotheses each
  torch::Tensor sentences;              ///< int64 [N]: the sentence of each hypothesis
  /// int64 hypotheses [M]: reorders, repeats or drops them.
  SearchState select(const torch::Tensor& hypotheses) const;
};

struct StepResult {
  torch::Tensor logits;     ///< [N, V]; log-probabilities are their log_softmax
  torch::Tensor attention;  ///< α [N, S]; undefined without attention
  SearchState state;
};

/// Several threads may search with one model at once.
class StepModel {
 public:
  virtual ~StepModel() = default;
  /// One hypothesis per sentence, before the first token.
  virtual SearchState start(const SourceBatch& source) = 0;
  /// last_tokens int64 [N]
  virtual StepResult step(const torch::Tensor& last_tokens, const SearchState& state) = 0;
  /// Whether steps tell their attention.
  virtual bool has_attention() const { return true; }
};

/// One model, or several that share their vocabularies: the probabilities and the attention are the
/// mean of theirs; it has attention if all of them have.
class Ensemble : public StepModel {
 public:
  /// In evaluation mode, on one device. At least one. Their weights must not change while it
  /// lives. Products are computed in `precision` where a kernel can.
  explicit Ensemble(std::vector<TranslationModel> models,
                    Precision precision = Precision::kFloat32);
  SearchState start(const SourceBatch& source) override;
  StepResult step(const torch::Tensor& last_tokens, const SearchState& state) override;
  bool has_attention() const override;

 private:
  std::vector<TranslationModel> models_;
  Precision precision_;
  kernels::FrozenWeights frozen_;  // nothing changes the weights while they search
};

}  // namespace weft
