#pragma once
// Beam search in plain loops over token sequences, and how what was found is compared with it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "config/training_options.h"
#include "search/hypothesis_tree.h"
#include "text/vocabulary.h"

namespace weft {

using Tokens = std::vector<int64_t>;

/// A translation as the tests work it out.
struct Expected {
  Tokens tokens;  ///< with the begin of sentence and, if it came, the end
  double log_prob = 0;

  bool ended() const { return tokens.back() == kEndId; }
  double score(double alpha) const {
    return log_prob / std::pow(static_cast<double>(tokens.size() - 1), alpha);
  }
};

inline void rank(std::vector<Expected>& hypotheses, double alpha) {
  std::stable_sort(hypotheses.begin(), hypotheses.end(), [alpha](const auto& a, const auto& b) {
    return a.ended() != b.ended() ? a.ended() : a.score(alpha) > b.score(alpha);
  });
}

/// One token longer; log p of each token.
inline std::vector<Expected> extensions(const std::vector<float>& log_probs,
                                        const Expected& prefix) {
  std::vector<Expected> extended;
  for (int64_t v = 0; v < static_cast<int64_t>(log_probs.size()); ++v) {
    const double log_prob = log_probs[static_cast<std::size_t>(v)];
    if (v == kPadId || v == kBeginId || !std::isfinite(log_prob)) continue;
    extended.push_back({prefix.tokens, prefix.log_prob + log_prob});
    extended.back().tokens.push_back(v);
  }
  return extended;
}

inline int64_t limit_of(const Tokens& source_with_end, const DecodingOptions& options) {
  return static_cast<int64_t>(options.max_length_factor *
                              static_cast<double>(source_with_end.size())) +
         10;
}

/// Beam search of one sentence in plain loops: a hypothesis that ends leaves the beam, which
/// shrinks. `model` has log_probs(source, prefix), as TableModel.
template <class Model>
std::vector<Expected> plain_beam_search(const Model& model, Tokens source,
                                        const DecodingOptions& options) {
  source.push_back(kEndId);
  std::vector<Expected> live{{{kBeginId}, 0}}, done;
  for (int64_t step = 1; !live.empty(); ++step) {
    std::vector<Expected> all;
    for (const auto& prefix : live) {
      for (auto& extended : extensions(model.log_probs(source, prefix.tokens), prefix))
        all.push_back(std::move(extended));
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.log_prob > b.log_prob; });
    const auto free = static_cast<std::size_t>(options.beam_size) - done.size();
    all.resize(std::min(free, all.size()));
    live.clear();
    for (auto& candidate : all) {
      const bool over = candidate.ended() || step == limit_of(source, options);
      (over ? done : live).push_back(std::move(candidate));
    }
  }
  rank(done, options.length_normalization);
  return done;
}

/// The tokens as Expected has them.
inline Tokens with_ends(const Hypothesis& hypothesis) {
  Tokens tokens(hypothesis.tokens.begin(), hypothesis.tokens.end());
  tokens.insert(tokens.begin(), kBeginId);
  if (hypothesis.finished) tokens.push_back(kEndId);
  return tokens;
}

inline void expect_same(const std::vector<Hypothesis>& found, const std::vector<Expected>& expected,
                        double alpha) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    EXPECT_EQ(with_ends(found[k]), expected[k].tokens) << "hypothesis " << k;
    EXPECT_NEAR(found[k].log_prob, expected[k].log_prob, 1e-4) << "hypothesis " << k;
    EXPECT_NEAR(found[k].score, expected[k].score(alpha), 1e-4) << "hypothesis " << k;
  }
}

}  // namespace weft
