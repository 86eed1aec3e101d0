#include "app/minimum_bayes_risk.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "metrics/bleu.h"
#include "metrics/chrf.h"

namespace weft {
namespace {

double similarity(const std::string& text, const std::string& reference, Utility utility,
                  MetricTokenizer tokenizer) {
  if (text == reference) return 100;
  if (utility == Utility::kChrf) return corpus_chrf({text}, {{reference}}).score;
  return corpus_bleu({text}, {{reference}}, {tokenizer}).score;
}

/// What each text counts, together 1.
std::map<std::string, double> weights_of(const std::vector<Translation>& translations,
                                         Evidence evidence) {
  double best = translations.front().log_prob, total = 0;
  for (const auto& translation : translations) best = std::max(best, translation.log_prob);
  std::map<std::string, double> weights;
  for (const auto& translation : translations) {
    const double weight = evidence == Evidence::kEqual ? 1 : std::exp(translation.log_prob - best);
    weights[translation.text] += weight;
    total += weight;
  }
  for (auto& entry : weights) entry.second /= total;
  return weights;
}

/// Of each text, against all.
std::map<std::string, double> expected_utilities(const std::map<std::string, double>& weights,
                                                 Utility utility, MetricTokenizer tokenizer) {
  std::map<std::string, double> expected;
  for (const auto& entry : weights) {
    double& sum = expected[entry.first];
    for (const auto& [reference, weight] : weights)
      sum += weight * similarity(entry.first, reference, utility, tokenizer);
  }
  return expected;
}

}  // namespace

std::string least_risk(const std::map<std::string, double>& evidence, Utility utility,
                       MetricTokenizer tokenizer) {
  const auto expected = expected_utilities(evidence, utility, tokenizer);
  return std::max_element(expected.begin(), expected.end(),
                          [](const auto& a, const auto& b) { return a.second < b.second; })
      ->first;
}

void order_by_risk(TranslatedLine& line, Utility utility, MetricTokenizer tokenizer,
                   Evidence evidence) {
  auto& translations = line.n_best;
  if (translations.size() < 2) return;
  const auto expected = expected_utilities(weights_of(translations, evidence), utility, tokenizer);
  for (auto& translation : translations) translation.score = expected.at(translation.text);
  std::stable_sort(translations.begin(), translations.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
}

}  // namespace weft
