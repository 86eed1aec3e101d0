#pragma once
// BLEU as sacreBLEU computes it: 4-grams, exponential smoothing.

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "metrics/metric_tokenizer.h"

namespace weft {

struct BleuOptions {
  MetricTokenizer tokenizer = MetricTokenizer::k13a;
  bool lowercase = false;              ///< ignore upper and lower case
  std::function<void()> on_line = {};  ///< called after every line of the corpus
};

inline constexpr std::size_t kBleuOrder = 4;

/// What BLEU is computed from; the statistics of a corpus are the sum of its sentences'.
struct BleuStatistics {
  std::array<std::int64_t, kBleuOrder> matches{};  ///< by order - 1: n-grams also in a reference
  std::array<std::int64_t, kBleuOrder> totals{};   ///< n-grams of the hypothesis
  std::int64_t hypothesis_length = 0;              ///< tokens
  std::int64_t reference_length = 0;               ///< that of the reference nearest in length

  BleuStatistics& operator+=(const BleuStatistics& other);
};

struct BleuScore {
  double score = 0.0;                           ///< [0, 100]
  std::array<double, kBleuOrder> precisions{};  ///< [0, 100], smoothed
  double brevity_penalty = 0.0;                 ///< [0, 1]
  std::int64_t hypothesis_length = 0;           ///< tokens
  std::int64_t reference_length = 0;            ///< tokens
  std::string signature;                        ///< how it was computed, in sacreBLEU's form

  /// "60.1/33.3/20.0/12.5 (BP = 1.000 ratio = 1.000 hyp_len = 10 ref_len = 10)"
  std::string details() const;
};

/// Statistics of one sentence against one or more references.
BleuStatistics bleu_statistics(const std::string& hypothesis,
                               const std::vector<std::string>& references,
                               const BleuOptions& options);

/// The score of a corpus with these statistics, as corpus_bleu() has it, without the signature.
BleuScore bleu_of(const BleuStatistics& statistics);

/// Papineni, Roukos, Ward, Zhu 2002 (P02-1040):
///   BLEU = BP exp(1/4 sum_n log p_n),   BP = min(1, exp(1 - r / c)),
/// p_n the clipped n-gram precision of the corpus. Smoothing: Chen and Cherry 2014 (W14-3346),
/// method 3: the k-th order without a match counts 1/2^k matches. 0 if not one word matches.
/// `references[r][i]` is the r-th reference of hypothesis i. Throws std::invalid_argument if there
/// is no hypothesis or no reference, or if their numbers differ.
BleuScore corpus_bleu(const std::vector<std::string>& hypotheses,
                      const std::vector<std::vector<std::string>>& references,
                      const BleuOptions& options = {});

}  // namespace weft
