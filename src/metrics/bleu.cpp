#include "metrics/bleu.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/version.h"
#include "metrics/corpus_check.h"
#include "metrics/ngrams.h"

namespace weft {

namespace {

std::string prepare(const std::string& line, const BleuOptions& options) {
  return tokenize_for_metric(options.lowercase ? lowercase(line) : line, options.tokenizer);
}

std::int64_t token_count(const std::vector<NgramCounts>& ngrams) {
  return total_count(ngrams.front());
}

// For every n-gram the most that any one reference has of it.
void keep_larger(std::vector<NgramCounts>& counts, const std::vector<NgramCounts>& others) {
  for (std::size_t order = 0; order < counts.size(); ++order) {
    for (const auto& [ngram, count] : others[order]) {
      std::int64_t& kept = counts[order][ngram];
      kept = std::max(kept, count);
    }
  }
}

// The reference length nearest to the hypothesis; of two equally near, the shorter.
std::int64_t nearest_length(std::int64_t hypothesis, const std::vector<std::int64_t>& references) {
  return *std::min_element(
      references.begin(), references.end(), [hypothesis](std::int64_t a, std::int64_t b) {
        return std::pair(std::abs(a - hypothesis), a) < std::pair(std::abs(b - hypothesis), b);
      });
}

double brevity_penalty(const BleuStatistics& statistics) {
  if (statistics.hypothesis_length >= statistics.reference_length) return 1.0;
  if (statistics.hypothesis_length == 0) return 0.0;
  return std::exp(1.0 - static_cast<double>(statistics.reference_length) /
                            static_cast<double>(statistics.hypothesis_length));
}

std::string signature(std::size_t references, const BleuOptions& options) {
  return "nrefs:" + std::to_string(references) + "|case:" + (options.lowercase ? "lc" : "mixed") +
         "|eff:no|tok:" + to_name(options.tokenizer) + "|smooth:exp|version:weft-" + version();
}

}  // namespace

BleuStatistics& BleuStatistics::operator+=(const BleuStatistics& other) {
  for (std::size_t order = 0; order < kBleuOrder; ++order) {
    matches[order] += other.matches[order];
    totals[order] += other.totals[order];
  }
  hypothesis_length += other.hypothesis_length;
  reference_length += other.reference_length;
  return *this;
}

std::string BleuScore::details() const {
  const double ratio = reference_length == 0 ? 0.0
                                             : static_cast<double>(hypothesis_length) /
                                                   static_cast<double>(reference_length);
  char text[160];
  std::snprintf(text, sizeof(text),
                "%.1f/%.1f/%.1f/%.1f (BP = %.3f ratio = %.3f hyp_len = %lld ref_len = %lld)",
                precisions[0], precisions[1], precisions[2], precisions[3], brevity_penalty, ratio,
                static_cast<long long>(hypothesis_length),
                static_cast<long long>(reference_length));
  return text;
}

BleuStatistics bleu_statistics(const std::string& hypothesis,
                               const std::vector<std::string>& references,
                               const BleuOptions& options) {
  // The n-gram counts point into these lines.
  const std::string hypothesis_tokens = prepare(hypothesis, options);
  std::vector<std::string> reference_tokens;
  for (const std::string& reference : references) {
    reference_tokens.push_back(prepare(reference, options));
  }
  const std::vector<NgramCounts> ngrams = count_word_ngrams(hypothesis_tokens, kBleuOrder);
  std::vector<NgramCounts> reference_ngrams(kBleuOrder);
  std::vector<std::int64_t> reference_lengths;
  for (const std::string& tokens : reference_tokens) {
    const std::vector<NgramCounts> counts = count_word_ngrams(tokens, kBleuOrder);
    reference_lengths.push_back(token_count(counts));
    keep_larger(reference_ngrams, counts);
  }
  BleuStatistics statistics;
  statistics.hypothesis_length = token_count(ngrams);
  statistics.reference_length = nearest_length(statistics.hypothesis_length, reference_lengths);
  for (std::size_t order = 0; order < kBleuOrder; ++order) {
    statistics.totals[order] = total_count(ngrams[order]);
    statistics.matches[order] = matched_count(ngrams[order], reference_ngrams[order]);
  }
  return statistics;
}

BleuScore bleu_of(const BleuStatistics& statistics) {
  BleuScore result;
  result.hypothesis_length = statistics.hypothesis_length;
  result.reference_length = statistics.reference_length;
  result.brevity_penalty = brevity_penalty(statistics);
  if (std::all_of(statistics.matches.begin(), statistics.matches.end(),
                  [](std::int64_t matches) { return matches == 0; })) {
    return result;
  }
  double smoothing = 1.0;
  double log_sum = 0.0;
  std::size_t orders = 0;
  for (; orders < kBleuOrder && statistics.totals[orders] > 0; ++orders) {
    auto matches = static_cast<double>(statistics.matches[orders]);
    if (statistics.matches[orders] == 0) {
      smoothing *= 2.0;
      matches = 1.0 / smoothing;
    }
    const double precision = 100.0 * matches / static_cast<double>(statistics.totals[orders]);
    result.precisions[orders] = precision;
    log_sum += std::log(precision);
  }
  // An order without any n-gram has precision 0, and so the full mean is 0 as well.
  if (orders < kBleuOrder) return result;
  result.score = result.brevity_penalty * std::exp(log_sum / static_cast<double>(kBleuOrder));
  return result;
}

BleuScore corpus_bleu(const std::vector<std::string>& hypotheses,
                      const std::vector<std::vector<std::string>>& references,
                      const BleuOptions& options) {
  check_corpus(hypotheses, references);
  BleuStatistics statistics;
  for (std::size_t i = 0; i < hypotheses.size(); ++i) {
    statistics += bleu_statistics(hypotheses[i], references_of(references, i), options);
    if (options.on_line) options.on_line();
  }
  BleuScore score = bleu_of(statistics);
  score.signature = signature(references.size(), options);
  return score;
}

}  // namespace weft
