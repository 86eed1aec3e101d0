#pragma once
// The search for a batch of a translator's lines.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/line_items.h"
#include "search/alignment.h"
#include "search/excluded_tokens.h"
#include "search/hypothesis_tree.h"
#include "search/line_preparation.h"
#include "search/step_model.h"
#include "search/suppressed_words.h"

namespace weft {

/// What searches of a translator share; several threads may use one. It refers to `model`,
/// `vocabularies` and `options`, which must outlive it.
class BatchSearch {
 public:
  BatchSearch(StepModel& model, const Vocabularies& vocabularies, const TranslatorOptions& options,
              ModelWeights weights);

  /// Of each line its hypotheses, best first, with what alignments are made from; none if what is
  /// asked of its translation leaves nothing. A line whose list leaves nothing is searched for
  /// among all tokens. `phrases`: what has spelt those of the lines, if there are any. Throws
  /// UserError if the model gives no token any probability.
  std::vector<std::vector<Hypothesis>> run(const TranslationJobs& batch, const ItemSources& items,
                                           const PhraseSpeller* phrases) const;
  /// Translator's.
  std::optional<LineMistake> first_prefix_mistake(const std::vector<std::string>& prefixes) const;

 private:
  using Results = std::vector<std::vector<Hypothesis>>;
  /// Which tokens may come.
  enum class Allowed {
    kListed,  ///< those of the lines' lists
    kAll,
    kAny,  ///< all, and nothing is asked of translations
  };
  /// Lines, and what is read and known for all of them.
  struct Batch {
    const TranslationJobs& lines;
    const ItemSources& items;
    const PhraseSpeller* phrases;
  };

  Results search(const Batch& batch, Allowed allowed) const;
  SourceBatch sources_of(const Batch& batch) const;
  /// SearchRequest's.
  std::vector<double> length_ratios(const TranslationJobs& lines) const;
  /// Searches among all tokens for lines of which nothing has come.
  void search_again(const Batch& batch, Results& results) const;
  /// Throws UserError if lines of which nothing has come have no translation at all.
  void require_predictions(const Batch& batch, const Results& results) const;
  /// Alignments of the hypotheses to be shown, by the alignment head.
  void explain_best(const TranslationJobs& lines, Results& results) const;

  StepModel& model_;
  const Vocabularies& vocabularies_;
  const TranslatorOptions& options_;
  ModelWeights weights_;
  ExcludedTokens unprintable_;                   // one line stays one line
  std::unique_ptr<SuppressedWords> suppressed_;  // none if there are none
};

}  // namespace weft
