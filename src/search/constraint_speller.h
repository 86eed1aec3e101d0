#pragma once
// Constraints of lines, written with a vocabulary.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/training_options.h"
#include "search/line_constraints.h"
#include "search/required_phrases.h"
#include "search/suppressed_words.h"
#include "text/vocabulary.h"

namespace weft {

/// Constraints as search takes them.
struct SpelledConstraints {
  std::vector<Phrase> required;
  SuppressedWords* avoided = nullptr;  ///< none if nullptr
};

/// Writes constraints with a vocabulary, which must outlive it.
class ConstraintSpeller {
 public:
  /// `suppressed`: what no translation has.
  ConstraintSpeller(const Vocabulary& vocabulary, const DecodingOptions& options,
                    const std::vector<std::string>& suppressed);

  /// For a source of `source_tokens` (the end of sentence included) and a translation that begins
  /// with `prefix`. Throws UserError, without a place, if a phrase cannot be written, if one holds
  /// what is to be avoided or is suppressed, if they have more tokens than the translation may, or
  /// if the prefix has what is to be avoided.
  SpelledConstraints spell(const LineConstraints& constraints, int64_t source_tokens,
                           const std::vector<int32_t>& prefix);
  const PhraseSpeller& phrases() const { return phrases_; }
  /// Forgets what the last lines avoided.
  void forget() { avoided_.clear(); }

 private:
  SuppressedWords* avoided(const std::vector<std::string>& words);

  const Vocabulary& vocabulary_;
  DecodingOptions options_;
  std::vector<std::string> suppressed_;
  PhraseSpeller phrases_;
  std::map<std::vector<std::string>, std::unique_ptr<SuppressedWords>> avoided_;
};

}  // namespace weft
