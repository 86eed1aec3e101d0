#pragma once
// CIDEr-D and ROUGE-L, as captions of pictures are judged.

#include <functional>
#include <string>
#include <vector>

#include "metrics/metric_tokenizer.h"

namespace weft {

struct CaptionOptions {
  MetricTokenizer tokenizer = MetricTokenizer::k13a;
  bool lowercase = false;              ///< ignore upper and lower case
  std::function<void()> on_line = {};  ///< called after every line of the corpus
};

struct CaptionScore {
  double score = 0.0;             ///< 100 times the mean of the sentences' scores
  std::vector<double> sentences;  ///< by sentence, not times 100
  std::string name;               ///< "CIDEr-D", "ROUGE-L"
  std::string signature;          ///< how it was computed, in sacreBLEU's form
};

/// Both throw std::invalid_argument if there is no hypothesis or no reference, or if their numbers
/// differ. `references[r][i]` is the r-th reference of hypothesis i. Tables of the field have them
/// of lower-cased text without punctuation.

/// Vedantam, Zitnick, Parikh 2015 (arXiv:1411.5726), the variant that cannot be gamed, with
/// sigma = 6: the mean over the references and over n = 1 ... 4 of
///   10 exp(-(l_c - l_s)^2 / (2 sigma^2)) min(g(c), g(s)) . g(s) / (|g(c)| |g(s)|),
/// g the counts of n-grams times log(sentences / sentences whose references have the n-gram). The
/// document frequencies are those of the references given, so that scores of two texts can be
/// compared only over the same references. As coco-caption: l counts bigrams.
CaptionScore corpus_cider(const std::vector<std::string>& hypotheses,
                          const std::vector<std::vector<std::string>>& references,
                          const CaptionOptions& options = {});

/// Lin 2004 (W04-1013): the F measure, beta = 1.2, of the longest common subsequence, of which
/// precision and recall are each the best over the references (as coco-caption).
CaptionScore corpus_rouge_l(const std::vector<std::string>& hypotheses,
                            const std::vector<std::vector<std::string>>& references,
                            const CaptionOptions& options = {});

}  // namespace weft
