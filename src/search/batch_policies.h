#pragma once
// What the options of a translator mean for one search: its policies.

#include <cstdint>
#include <memory>
#include <vector>

#include "search/constraint_speller.h"
#include "search/token_policy.h"
#include "search/translator.h"

namespace weft {

/// Puts the beam size in order where translations are drawn. Throws UserError if the options
/// contradict each other, or ask for coverage without attention.
void settle(TranslatorOptions& options, bool has_attention);

/// Groups that the beam is shared out to.
int64_t groups_of(const TranslatorOptions& options);

/// A line of a batch.
struct SearchedLine {
  std::size_t number = 0;       ///< among all lines
  int64_t source_tokens = 0;    ///< of the first source, its end of sentence included
  std::vector<int32_t> prefix;  ///< of its translation
  SpelledConstraints constraints;
};

/// What the searches of a translator share.
struct SharedPolicies {
  const TranslatorOptions& options;
  const Vocabulary& vocabulary;
  SuppressedWords* suppressed = nullptr;   ///< none if nullptr
  const PhraseSpeller* phrases = nullptr;  ///< not needed if no line has phrases
};

/// The policies that belong to one batch.
class BatchPolicies {
 public:
  BatchPolicies(const SharedPolicies& shared, std::vector<SearchedLine> lines);
  std::vector<TokenPolicy*> all() const;

 private:
  void add_constraints(const SharedPolicies& shared, std::vector<SearchedLine>& lines);

  std::vector<std::unique_ptr<TokenPolicy>> policies_;
};

}  // namespace weft
