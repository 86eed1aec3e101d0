#pragma once
// How good a model is on text it has not seen.

#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "align/alignment_matrix.h"
#include "align/links.h"
#include "config/config.h"
#include "data/corpus.h"
#include "metrics/metric_tokenizer.h"
#include "model/model_directory.h"
#include "search/alignment_shift.h"

namespace weft {

/// Throws UserError if training.validation.tokenizer is none.
MetricTokenizer tokenizer_named(const std::string& name);

struct ValidationResult {
  double loss = 0;        ///< nats per target token, without smoothing
  double perplexity = 0;  ///< exp(loss)
  double bleu = 0;        ///< BLEU of translations made by beam search, [0, 100]
  double chrf = 0;        ///< [0, 100]
  std::string signature;  ///< BLEU's signature
  std::vector<std::string> translations;
  std::optional<double> aer;  ///< alignment error rate of forced matrices, in [0, 1], if there are
                              ///< links to compare with
  std::optional<double> head_aer;         ///< that of the alignment head, if there is one
  std::optional<double> command;          ///< what training.validation.command printed, if it did
  std::vector<AlignmentMatrix> matrices;  ///< of the first translations, if they are shown
  int alignment_shift = 0;  ///< under which that is: the best, or 0 if attention is guided
  double seconds = 0;
  /// Else training has diverged: nothing was translated, and the model is no model.
  bool is_sound() const { return std::isfinite(loss); }
};

/// The value that `metric` names, and whether more of it is better.
double metric_value(const ValidationResult& result, ValidationMetric metric);
bool higher_is_better(ValidationMetric metric, bool command_minimizes = false);
/// Whether the result is better than the best value before, if there was one. What is not a finite
/// number is never better.
bool is_better(const ValidationResult& result, ValidationMetric metric,
               const std::optional<double>& best, bool command_minimizes = false);

class Validator {
 public:
  /// Reads the validation files of the config, and keeps them in temporary files in `directory`.
  /// `device` is where models will be. Throws UserError as ParallelCorpus does, and if no pair can
  /// be scored.
  Validator(const Config& config, const Vocabularies& vocabularies, const std::string& directory,
            const torch::Device& device = torch::kCPU);
  /// From now on alignments of the model are compared with these links between the words of each
  /// line of the validation text; none: they are not.
  void compare_alignments(std::vector<std::vector<Link>> links);
  bool compares_alignments() const { return !links_.empty(); }
  /// Fills in what is known of the alignments of a model in evaluation mode. Throws as validate().
  void align(const TranslationModel& model, const std::function<bool()>& is_cancelled,
             ValidationResult& result) const;
  /// Leaves the model in training mode, also if it throws. `is_cancelled` is asked before every
  /// batch, by several threads at once; throws Cancelled if it says so.
  ValidationResult validate(TranslationModel model,
                            const std::function<bool()>& is_cancelled = {}) const;
  const CorpusReport& report() const { return corpus_.report(); }
  /// The lines of each source.
  const std::vector<std::vector<std::string>>& sources() const { return sources_; }
  const std::vector<std::string>& references() const { return references_; }
  /// How many translations the log shows.
  std::size_t samples() const {
    return static_cast<std::size_t>(config_.training.validation.samples);
  }
  /// To know the text again, wherever it lies.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  double mean_loss(TranslationModelImpl& model, const std::function<bool()>& is_cancelled) const;
  /// Fills in what is known of translations.
  void translate(const TranslationModel& model, const std::function<bool()>& is_cancelled,
                 ValidationResult& result) const;
  /// Of the model's alignments under each shift.
  std::array<double, kAlignmentShifts.size()> error_rates(
      const TranslationModel& model, AlignmentFrom from,
      const std::function<bool()>& is_cancelled) const;

  Config config_;
  Vocabularies vocabularies_;
  ParallelCorpus corpus_;
  std::vector<std::vector<std::string>> sources_;
  std::vector<std::string> references_;
  std::string fingerprint_;
  std::vector<std::vector<Link>> links_;  // of each line
};

}  // namespace weft
