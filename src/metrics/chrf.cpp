#include "metrics/chrf.h"

#include <cstdio>
#include <string_view>
#include <utility>

#include "base/utf8.h"
#include "base/version.h"
#include "metrics/corpus_check.h"
#include "metrics/metric_tokenizer.h"
#include "metrics/ngrams.h"

namespace weft {

namespace {

bool is_ascii_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

// Cuts one punctuation mark off each word, the last if there is one, else the first: "(hi)" becomes
// "(hi )", as in the program of the metric's author, which all published scores follow.
std::string words_of(std::string_view line) {
  std::string words;
  for (const std::string_view word : split_at_whitespace(line)) {
    if (!words.empty()) words += ' ';
    const bool single = count_code_points(word) == 1;
    if (!single && is_ascii_punctuation(word.back())) {
      words.append(word.substr(0, word.size() - 1)).append(1, ' ').append(1, word.back());
    } else if (!single && is_ascii_punctuation(word.front())) {
      words.append(1, word.front()).append(1, ' ').append(word.substr(1));
    } else {
      words += word;
    }
  }
  return words;
}

std::string without_whitespace(std::string_view line) {
  std::string text;
  for (const std::string_view part : split_at_whitespace(line)) text += part;
  return text;
}

// The n-grams of one line, and the two texts they point into.
class LineNgrams {
 public:
  LineNgrams(const std::string& line, const ChrfOptions& options) {
    const std::string text = options.lowercase ? lowercase(line) : line;
    characters_ = without_whitespace(text);
    words_ = words_of(text);
    ngrams_ = count_character_ngrams(characters_, options.character_order);
    for (NgramCounts& counts : count_word_ngrams(words_, options.word_order)) {
      ngrams_.push_back(std::move(counts));
    }
  }
  LineNgrams(const LineNgrams&) = delete;
  LineNgrams& operator=(const LineNgrams&) = delete;

  /// The n-grams of each order: characters first, then words.
  const std::vector<NgramCounts>& orders() const { return ngrams_; }

 private:
  std::string characters_;
  std::string words_;
  std::vector<NgramCounts> ngrams_;
};

std::vector<ChrfCounts> compare(const LineNgrams& hypothesis, const LineNgrams& reference) {
  std::vector<ChrfCounts> counts;
  for (std::size_t i = 0; i < hypothesis.orders().size(); ++i) {
    const NgramCounts& ours = hypothesis.orders()[i];
    const NgramCounts& theirs = reference.orders()[i];
    counts.push_back(
        {theirs.empty() ? 0 : total_count(ours), total_count(theirs), matched_count(ours, theirs)});
  }
  return counts;
}

double f_score(const std::vector<ChrfCounts>& counts, double beta) {
  double precision = 0.0;
  double recall = 0.0;
  int orders = 0;
  for (const ChrfCounts& order : counts) {
    if (order.hypothesis == 0 || order.reference == 0) continue;
    const auto matches = static_cast<double>(order.matches);
    precision += matches / static_cast<double>(order.hypothesis);
    recall += matches / static_cast<double>(order.reference);
    ++orders;
  }
  if (orders == 0 || precision + recall == 0.0) return 0.0;
  precision /= orders;
  recall /= orders;
  const double factor = beta * beta;
  return 100.0 * (1.0 + factor) * precision * recall / (factor * precision + recall);
}

// The counts against the reference with the best score; the first of several as good.
std::vector<ChrfCounts> best_counts(const std::string& hypothesis,
                                    const std::vector<std::string>& references,
                                    const ChrfOptions& options) {
  const LineNgrams hypothesis_ngrams(hypothesis, options);
  std::vector<ChrfCounts> best;
  double best_score = -1.0;
  for (const std::string& reference : references) {
    std::vector<ChrfCounts> counts = compare(hypothesis_ngrams, LineNgrams(reference, options));
    const double score = f_score(counts, options.beta);
    if (score > best_score) {
      best_score = score;
      best = std::move(counts);
    }
  }
  return best;
}

ChrfScore score_of(const std::vector<ChrfCounts>& counts, std::size_t references,
                   const ChrfOptions& options) {
  char beta[32];
  std::snprintf(beta, sizeof(beta), "%g", options.beta);
  ChrfScore result;
  result.score = f_score(counts, options.beta);
  result.name = "chrF" + std::string(beta) + std::string(options.word_order, '+');
  result.signature =
      "nrefs:" + std::to_string(references) + "|case:" + (options.lowercase ? "lc" : "mixed") +
      "|eff:yes|nc:" + std::to_string(options.character_order) +
      "|nw:" + std::to_string(options.word_order) + "|space:no|version:weft-" + version();
  return result;
}

}  // namespace

ChrfScore corpus_chrf(const std::vector<std::string>& hypotheses,
                      const std::vector<std::vector<std::string>>& references,
                      const ChrfOptions& options) {
  check_corpus(hypotheses, references);
  std::vector<ChrfCounts> sum(options.character_order + options.word_order);
  for (std::size_t i = 0; i < hypotheses.size(); ++i) {
    const std::vector<ChrfCounts> counts =
        best_counts(hypotheses[i], references_of(references, i), options);
    for (std::size_t order = 0; order < sum.size(); ++order) {
      sum[order].hypothesis += counts[order].hypothesis;
      sum[order].reference += counts[order].reference;
      sum[order].matches += counts[order].matches;
    }
    if (options.on_line) options.on_line();
  }
  return score_of(sum, references.size(), options);
}

}  // namespace weft
