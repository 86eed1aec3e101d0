#pragma once
// Word and character error rates, as recognisers of speech are judged.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

enum class EditUnit {
  kWord,       ///< what stands between whitespace
  kCharacter,  ///< code points; whitespace between words counts as one
};

struct EditRateOptions {
  EditUnit unit = EditUnit::kWord;
  bool lowercase = false;              ///< ignore upper and lower case
  std::function<void()> on_line = {};  ///< called after every line of the corpus
};

/// How a hypothesis differs from its reference; counts of a corpus are the sum of its sentences'.
struct EditCounts {
  std::int64_t substitutions = 0;
  std::int64_t deletions = 0;   ///< of the reference, missing in the hypothesis
  std::int64_t insertions = 0;  ///< of the hypothesis, not in the reference
  std::int64_t hits = 0;

  std::int64_t errors() const { return substitutions + deletions + insertions; }
  std::int64_t reference_length() const { return hits + substitutions + deletions; }
  EditCounts& operator+=(const EditCounts& other);
};

struct EditRate {
  double score = 0.0;  ///< errors for 100 units of the references; above 100 if much is inserted
  EditCounts counts;
  std::string name;       ///< "WER", "CER"
  std::string signature;  ///< how it was computed, in sacreBLEU's form

  /// "(S = 3 D = 1 I = 0 N = 57)"
  std::string details() const;
};

/// The fewest errors (Levenshtein 1966); of several ways that have as few, one with the most hits.
EditCounts count_edits(const std::vector<std::string_view>& hypothesis,
                       const std::vector<std::string_view>& reference);

/// 100 (S + D + I) / N over the whole corpus. Of several references of a sentence the one with the
/// lowest rate counts. `references[r][i]` is the r-th reference of hypothesis i. Throws
/// std::invalid_argument if there is no hypothesis or no reference, or if their numbers differ;
/// UserError if the references hold nothing.
EditRate corpus_edit_rate(const std::vector<std::string>& hypotheses,
                          const std::vector<std::vector<std::string>>& references,
                          const EditRateOptions& options = {});

}  // namespace weft
