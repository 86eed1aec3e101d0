#pragma once
// Translations that minimum risk training compares.

#include <memory>
#include <string>
#include <vector>

#include "config/config.h"
#include "data/batch.h"
#include "metrics/metric_tokenizer.h"
#include "model/translation_model.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// Makes the candidates of a batch's sentences: translations drawn from the model, or the best of a
/// beam, without dropout, each once, and if asked for the reference; and their costs, 1 minus
/// sentence BLEU or chrF. The costs are of detokenised text; words of a reference that the
/// vocabulary does not know are left out of it, so that nobody is praised for <unk>.
class RiskCandidates {
 public:
  /// `target`: what the model writes with, its last token first if `right_to_left`.
  RiskCandidates(const MinimumRiskOptions& options, MetricTokenizer tokenizer,
                 std::shared_ptr<const Vocabulary> target, bool right_to_left);

  /// `batch` on the host, `there` the same where the model is. Draws from LibTorch's default
  /// generator. The model is in training mode, and stays so.
  CandidateBatch make(TranslationModel& model, const ComputeContext& compute, const Batch& batch,
                  const Batch& there) const;

  const MinimumRiskOptions& options() const { return options_; }

 private:
  using Tokens = std::vector<int32_t>;

  std::string text_of(Tokens tokens) const;
  double cost_of(const std::string& text, const std::string& reference) const;

  MinimumRiskOptions options_;
  MetricTokenizer tokenizer_;
  std::shared_ptr<const Vocabulary> target_;
  bool right_to_left_;
};

/// For the config of a run; null without minimum risk training.
std::unique_ptr<RiskCandidates> make_risk_candidates(const Config& config,
                                                     const Vocabularies& vocabularies);

}  // namespace weft
