#include "metrics/caption_scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/version.h"
#include "metrics/corpus_check.h"
#include "metrics/ngrams.h"

namespace weft {
namespace {

constexpr std::size_t kCiderOrder = 4;

/// All texts of a corpus as tokens with single blanks between them, by sentence.
struct CaptionTexts {
  CaptionTexts(const std::vector<std::string>& all_hypotheses,
               const std::vector<std::vector<std::string>>& all_references,
               const CaptionOptions& options) {
    check_corpus(all_hypotheses, all_references);
    const auto prepare = [&](const std::string& line) {
      return tokenize_for_metric(options.lowercase ? lowercase(line) : line, options.tokenizer);
    };
    for (std::size_t i = 0; i < all_hypotheses.size(); ++i) {
      hypotheses.push_back(prepare(all_hypotheses[i]));
      references.emplace_back();
      for (const auto& file : all_references) references.back().push_back(prepare(file[i]));
    }
  }
  std::vector<std::string> hypotheses;
  std::vector<std::vector<std::string>> references;
};

CaptionScore caption_score(std::string name, std::vector<double> sentences, std::size_t references,
                           const CaptionOptions& options) {
  CaptionScore score;
  score.name = std::move(name);
  score.score = 100.0 * std::accumulate(sentences.begin(), sentences.end(), 0.0) /
                static_cast<double>(sentences.size());
  score.sentences = std::move(sentences);
  score.signature = "nrefs:" + std::to_string(references) +
                    "|case:" + (options.lowercase ? "lc" : "mixed") +
                    "|tok:" + to_name(options.tokenizer) + "|version:weft-" + version();
  return score;
}

/// A text as weights of its n-grams, for one order.
struct TfIdfVector {
  std::unordered_map<std::string_view, double> weights;
  double norm = 0;
};

class CiderScorer {
 public:
  explicit CiderScorer(const CaptionTexts& texts) : texts_(texts) {
    for (const auto& references : texts.references) {
      std::unordered_set<std::string_view> seen;
      for (const auto& reference : references) {
        for (const auto& counts : count_word_ngrams(reference, kCiderOrder)) {
          for (const auto& [ngram, count] : counts) seen.insert(ngram);
        }
      }
      for (const auto ngram : seen) ++document_frequency_[ngram];
    }
  }

  double score(std::size_t sentence) const {
    const auto& hypothesis = texts_.hypotheses[sentence];
    const auto vectors = vectors_of(hypothesis);
    double sum = 0;
    for (const auto& reference : texts_.references[sentence]) {
      constexpr double kSigma = 6;
      const double difference = bigrams(hypothesis) - bigrams(reference);
      const double penalty = std::exp(-difference * difference / (2 * kSigma * kSigma));
      const auto others = vectors_of(reference);
      for (std::size_t n = 0; n < kCiderOrder; ++n)
        sum += penalty * similarity(vectors[n], others[n]);
    }
    const auto count = static_cast<double>(texts_.references[sentence].size());
    return 10 * sum / (count * static_cast<double>(kCiderOrder));
  }

 private:
  static double bigrams(std::string_view text) {
    return static_cast<double>(total_count(count_word_ngrams(text, 2)[1]));
  }

  std::array<TfIdfVector, kCiderOrder> vectors_of(std::string_view text) const {
    const double sentences = std::log(static_cast<double>(texts_.hypotheses.size()));
    std::array<TfIdfVector, kCiderOrder> vectors;
    const auto counts = count_word_ngrams(text, kCiderOrder);
    for (std::size_t n = 0; n < kCiderOrder; ++n) {
      for (const auto& [ngram, count] : counts[n]) {
        const auto found = document_frequency_.find(ngram);
        const double frequency = found == document_frequency_.end() ? 1 : found->second;
        const double weight = static_cast<double>(count) * (sentences - std::log(frequency));
        vectors[n].weights.emplace(ngram, weight);
        vectors[n].norm += weight * weight;
      }
      vectors[n].norm = std::sqrt(vectors[n].norm);
    }
    return vectors;
  }

  static double similarity(const TfIdfVector& hypothesis, const TfIdfVector& reference) {
    double sum = 0;
    for (const auto& [ngram, weight] : hypothesis.weights) {
      const auto found = reference.weights.find(ngram);
      if (found != reference.weights.end()) sum += std::min(weight, found->second) * found->second;
    }
    const double norms = hypothesis.norm * reference.norm;
    return norms > 0 ? sum / norms : sum;
  }

  const CaptionTexts& texts_;
  std::unordered_map<std::string_view, double> document_frequency_;
};

std::size_t longest_common_subsequence(const std::vector<std::string_view>& a,
                                       const std::vector<std::string_view>& b) {
  std::vector<std::size_t> longest(b.size() + 1);
  for (const auto& word : a) {
    std::size_t diagonal = 0;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = longest[j];
      longest[j] = word == b[j - 1] ? diagonal + 1 : std::max(above, longest[j - 1]);
      diagonal = above;
    }
  }
  return longest.back();
}

double rouge_l(const std::string& hypothesis, const std::vector<std::string>& references) {
  constexpr double kSquaredBeta = 1.2 * 1.2;
  const auto words = split_at_whitespace(hypothesis);
  double precision = 0, recall = 0;
  for (const auto& reference : references) {
    const auto others = split_at_whitespace(reference);
    if (words.empty() || others.empty()) continue;
    const auto common = static_cast<double>(longest_common_subsequence(words, others));
    precision = std::max(precision, common / static_cast<double>(words.size()));
    recall = std::max(recall, common / static_cast<double>(others.size()));
  }
  if (precision == 0 || recall == 0) return 0;
  return (1 + kSquaredBeta) * precision * recall / (recall + kSquaredBeta * precision);
}

}  // namespace

CaptionScore corpus_cider(const std::vector<std::string>& hypotheses,
                          const std::vector<std::vector<std::string>>& references,
                          const CaptionOptions& options) {
  const CaptionTexts texts(hypotheses, references, options);
  const CiderScorer scorer(texts);
  std::vector<double> sentences;
  for (std::size_t i = 0; i < hypotheses.size(); ++i) {
    sentences.push_back(scorer.score(i));
    if (options.on_line) options.on_line();
  }
  return caption_score("CIDEr-D", std::move(sentences), references.size(), options);
}

CaptionScore corpus_rouge_l(const std::vector<std::string>& hypotheses,
                            const std::vector<std::vector<std::string>>& references,
                            const CaptionOptions& options) {
  const CaptionTexts texts(hypotheses, references, options);
  std::vector<double> sentences;
  for (std::size_t i = 0; i < hypotheses.size(); ++i) {
    sentences.push_back(rouge_l(texts.hypotheses[i], texts.references[i]));
    if (options.on_line) options.on_line();
  }
  return caption_score("ROUGE-L", std::move(sentences), references.size(), options);
}

}  // namespace weft
