#pragma once
// What a line becomes before it is searched for: tokens, and what its translation must heed.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "search/constraint_speller.h"
#include "search/readings.h"
#include "search/source_lines.h"
#include "search/translator.h"

namespace weft {

/// A line on its way.
struct TranslationJob {
  SourceLine line;
  std::size_t number = 0;  ///< of the line
  int64_t cut_tokens = 0;
  std::vector<int32_t> prefix;
  SpelledConstraints constraints;
  std::optional<double> length_ratio;  ///< none: that of the options
  std::vector<int64_t> list;           ///< SearchRequest's
  OtherReadings readings;
  TranslatedLine* answer = nullptr;

  /// What all models read, one behind the other.
  std::vector<SourceTokens> tokens() const {
    auto all = line.tokens();
    all.insert(all.end(), readings.tokens.begin(), readings.tokens.end());
    return all;
  }
  int64_t first_source_tokens() const { return line.sources.front().length(); }
};
using TranslationJobs = std::vector<TranslationJob*>;

/// Makes jobs of lines. It refers to `vocabularies` and `options`, which must outlive it.
class LinePreparation {
 public:
  LinePreparation(const Vocabularies& vocabularies, const TranslatorOptions& options)
      : vocabularies_(vocabularies), options_(options) {}

  /// A line on its way, but for its number and answer: line i of those with these prefixes and
  /// constraints, if there are any. Throws UserError if its constraints cannot be heeded.
  TranslationJob job(SourceLine line, const std::vector<std::string>& prefixes,
                     const std::vector<LineConstraints>& constraints, std::size_t i);
  /// Translator's.
  std::vector<LineMistake> constraint_mistakes(const std::vector<std::vector<std::string>>& sources,
                                               const std::vector<std::string>& prefixes,
                                               const std::vector<LineConstraints>& constraints);
  std::vector<LineMistake> long_prefixes(const std::vector<std::string>& prefixes) const;
  void limit_tokens(TokensOfLine tokens) { tokens_of_line_ = std::move(tokens); }
  const TokensOfLine& tokens_of_line() const { return tokens_of_line_; }

  /// What knows the phrases of jobs; nullptr if no line has had constraints.
  const PhraseSpeller* phrases() const { return speller_ ? &speller_->phrases() : nullptr; }
  /// Forgets the constraints of the jobs made so far.
  void forget();

 private:
  ConstraintSpeller& speller();
  void add_constraints(TranslationJob& job, const LineConstraints& constraints);
  std::vector<int64_t> list_of(const TranslationJob& job) const;

  const Vocabularies& vocabularies_;
  const TranslatorOptions& options_;
  std::unique_ptr<ConstraintSpeller> speller_;  // none until a line has constraints
  TokensOfLine tokens_of_line_;                 // none: all tokens
};

}  // namespace weft
