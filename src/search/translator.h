#pragma once
// Text in, translations with their alignments out.

#include <memory>
#include <string>
#include <vector>

#include "align/alignment_matrix.h"
#include "config/training_options.h"
#include "model/model_directory.h"
#include "search/alignment.h"
#include "search/beam_search.h"
#include "search/step_model.h"

namespace c10 {
class ThreadPool;
}

namespace weft {

/// Lines that a program gives to Translator::translate() at a time: enough to sort by length, few
/// enough to hold.
inline constexpr std::size_t kTranslationWindow = 2000;

struct TranslatorOptions {
  DecodingOptions decoding;
  int64_t n_best = 1;  ///< translations per line, 1 to the beam size
  bool with_alignment = false;
  AlignmentOptions alignment;
  std::size_t alignment_source = 0;  ///< of several sources, the one that is aligned
  int workers = 1;  ///< threads that each translate batches of their own, sharing the weights
};

struct Translation {
  std::string text;
  double log_prob = 0;        ///< natural logarithm
  double score = 0;           ///< length-normalised: what translations are ranked by
  AlignmentMatrix alignment;  ///< empty unless asked for
  int64_t tokens = 0;         ///< of the target, its end of sentence included if it was produced
};

struct TranslatedLine {
  std::string source;  ///< the line that is aligned as the model read it: without factors
  std::vector<Translation>
      n_best;                 ///< best first, at least one; a blank line has one blank translation
  int64_t cut_tokens = 0;     ///< source tokens beyond the limit, which were not read
  int64_t source_tokens = 0;  ///< that were read, end of sentence included; 0 for a blank line
  int64_t decoder_steps = 0;  ///< that the search took for the line, all hypotheses together
};

/// Translates lines in batches of similar length; the answer to a line does not depend on the order
/// they are done in.
class Translator {
 public:
  /// `model` reads and writes the tokens of `vocabularies`. Throws UserError if n_best exceeds the
  /// beam size, or if alignments are asked of a model without attention.
  Translator(std::shared_ptr<StepModel> model, Vocabularies vocabularies,
             TranslatorOptions options);
  ~Translator();
  /// One answer per line, in order. Throws UserError, without a place, if the words of a line do
  /// not carry the factors they should (see first_mistake()). `further` has as many lines of each
  /// source besides the first that the model reads; a line is blank if its first source is.
  std::vector<TranslatedLine> translate(const std::vector<std::string>& lines,
                                        const std::vector<std::vector<std::string>>& further = {});

 private:
  struct Job;
  using Jobs = std::vector<Job*>;
  /// Line `i` of all sources, cut at the limit.
  Job read(const std::vector<std::string>& lines,
           const std::vector<std::vector<std::string>>& further, std::size_t i,
           TranslatedLine& answer) const;
  /// Cuts jobs, longest first, into batches.
  std::vector<Jobs> batches(const Jobs& jobs) const;
  void translate_batches(const std::vector<Jobs>& batches);
  void translate_batch(const Jobs& batch);
  Translation finish(const Job& job, const Hypothesis& hypothesis) const;

  std::shared_ptr<StepModel> model_;
  Vocabularies vocabularies_;
  TranslatorOptions options_;
  std::unique_ptr<c10::ThreadPool> workers_;  ///< none if options_.workers is 1
};

}  // namespace weft
