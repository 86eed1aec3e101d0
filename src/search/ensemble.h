#pragma once
// Translation models as a step model.

#include <memory>
#include <vector>

#include "config/training_options.h"
#include "model/translation_model.h"
#include "search/step_model.h"

namespace weft {

/// One model, or several that share their target vocabulary: the probabilities and the attention
/// are the weighted mean of theirs; it has attention, or an alignment head, if all of them have.
class Ensemble : public StepModel {
 public:
  /// In evaluation mode, on one device. At least one. Their weights must not change while it
  /// lives. Products are computed in `precision` where a kernel can.
  /// `weights`: one > 0 for each model, or none if all count alike; only their ratios matter.
  /// `first_sources`: where in a batch the sources of each model begin, or none if all read from
  /// the first on. Those of models that do not have `onto_first`, and their attention becomes one
  /// over the tokens that the first model reads.
  explicit Ensemble(std::vector<TranslationModel> models, Precision precision = Precision::kFloat32,
                    const std::vector<double>& weights = {},
                    std::vector<std::size_t> first_sources = {});
  using StepModel::start;
  std::unique_ptr<StepState> start(const SourceBatch& sources, const TokenLists& lists) override;
  StepResult step(const torch::Tensor& last_tokens, const StepState& state) override;
  bool has_attention() const override;
  bool has_alignment_head() const override;
  torch::Tensor explain(const Batch& pairs) override;
  torch::Device device() const override { return models_.front()->device(); }

 private:
  torch::Tensor mean(const std::vector<torch::Tensor>& of_models) const;
  /// What model i reads of a batch.
  SourceBatch sources_of(std::size_t i, const SourceBatch& sources) const;
  /// [B, S, S'] from its tokens to the first model's, of all sources; undefined: they are the same.
  torch::Tensor onto_first(std::size_t i, const SourceBatch& sources) const;

  std::vector<TranslationModel> models_;
  std::vector<std::size_t> first_sources_;
  std::vector<float> weights_;     // together 1; none: all count alike
  kernels::FrozenWeights frozen_;  // nothing changes the weights while they search
  ComputeContext compute_;
};

}  // namespace weft
