#include "search/beam_search.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "search/table_model.h"

namespace weft {
namespace {

const std::vector<Tokens> kSources{{4, 5, 6}, {7}, {5, 5, 4, 9, 8, 6}, {}, {6, 4}};

/// A translation as the tests work it out.
struct Expected {
  Tokens tokens;  ///< with the begin of sentence and, if it came, the end
  double log_prob = 0;

  bool ended() const { return tokens.back() == kEndId; }
  double score(double alpha) const {
    return log_prob / std::pow(static_cast<double>(tokens.size() - 1), alpha);
  }
};

void rank(std::vector<Expected>& hypotheses, double alpha) {
  std::stable_sort(hypotheses.begin(), hypotheses.end(), [alpha](const auto& a, const auto& b) {
    return a.ended() != b.ended() ? a.ended() : a.score(alpha) > b.score(alpha);
  });
}

std::vector<Expected> extensions(const TableModel& model, const Tokens& source,
                                 const Expected& prefix) {
  const auto log_probs = model.log_probs(source, prefix.tokens);
  std::vector<Expected> extended;
  for (int64_t v = 0; v < static_cast<int64_t>(log_probs.size()); ++v) {
    const double log_prob = log_probs[static_cast<std::size_t>(v)];
    if (v == kPadId || v == kBeginId || std::isinf(log_prob)) continue;
    extended.push_back({prefix.tokens, prefix.log_prob + log_prob});
    extended.back().tokens.push_back(v);
  }
  return extended;
}

int64_t limit_of(const Tokens& source_with_end, const BeamOptions& options) {
  return static_cast<int64_t>(options.max_length_factor *
                              static_cast<double>(source_with_end.size())) +
         10;
}

/// Beam search of one sentence in plain loops: a hypothesis that ends leaves the beam, which
/// shrinks.
std::vector<Expected> plain_beam_search(const TableModel& model, Tokens source,
                                        const BeamOptions& options) {
  source.push_back(kEndId);
  std::vector<Expected> live{{{kBeginId}, 0}}, done;
  for (int64_t step = 1; !live.empty(); ++step) {
    std::vector<Expected> all;
    for (const auto& prefix : live) {
      for (auto& extended : extensions(model, source, prefix)) all.push_back(std::move(extended));
    }
    std::sort(all.begin(), all.end(),
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

/// Every translation there is.
void enumerate(const TableModel& model, const Tokens& source, const Expected& prefix,
               int64_t tokens_left, std::vector<Expected>& all) {
  for (const auto& extended : extensions(model, source, prefix)) {
    if (extended.ended() || tokens_left == 1) {
      all.push_back(extended);
    } else {
      enumerate(model, source, extended, tokens_left - 1, all);
    }
  }
}

/// The tokens as Expected has them.
Tokens with_ends(const Hypothesis& hypothesis) {
  Tokens tokens(hypothesis.tokens.begin(), hypothesis.tokens.end());
  tokens.insert(tokens.begin(), kBeginId);
  if (hypothesis.finished) tokens.push_back(kEndId);
  return tokens;
}

void expect_same(const std::vector<Hypothesis>& found, const std::vector<Expected>& expected,
                 double alpha) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    EXPECT_EQ(with_ends(found[k]), expected[k].tokens) << "hypothesis " << k;
    EXPECT_NEAR(found[k].log_prob, expected[k].log_prob, 1e-4) << "hypothesis " << k;
    EXPECT_NEAR(found[k].score, expected[k].score(alpha), 1e-4) << "hypothesis " << k;
  }
}

TEST(BeamSearch, FindsEveryTranslationInOrderWhenTheBeamIsWideEnough) {
  TableOptions table;
  table.vocabulary = 5;  // <unk> and one word
  TableModel model(table);
  std::vector<Expected> all;
  enumerate(model, {7, kEndId}, {{kBeginId}, 0}, 10, all);
  ASSERT_EQ(all.size(), 1023 + 1024);  // ended before or at the limit of 10, and cut off there
  for (const double alpha : {0.0, 0.6, 1.0}) {
    rank(all, alpha);
    const auto found = beam_search(model, source_batch({{7}}), {2047, alpha, 0.0, false})[0];
    ASSERT_EQ(found.size(), all.size());
    std::set<Tokens> different;
    for (std::size_t k = 0; k < all.size(); ++k) {
      // Two of nearly the same score may change places: compare the scores, and count the tokens.
      EXPECT_EQ(found[k].finished, all[k].ended()) << k;
      EXPECT_NEAR(found[k].score, all[k].score(alpha), 1e-4) << k;
      different.insert(with_ends(found[k]));
    }
    EXPECT_EQ(different.size(), all.size());
    for (const std::size_t k : {0U, 1U, 2U, 1023U}) EXPECT_EQ(with_ends(found[k]), all[k].tokens);
  }
}

/// Beam size, length normalisation, bias of the end of sentence.
using Setting = std::tuple<int64_t, double, double>;
class BeamSearchTest : public ::testing::TestWithParam<Setting> {
 protected:
  BeamSearchTest() {
    const auto& [beam_size, alpha, end_bias] = GetParam();
    options_ = {beam_size, alpha, 1.5, true};
    table_.end_bias = end_bias;
  }

  BeamOptions options_;
  TableOptions table_;
};

INSTANTIATE_TEST_SUITE_P(Settings, BeamSearchTest,
                         ::testing::Combine(::testing::Values(1, 2, 5, 40),
                                            ::testing::Values(0.0, 1.0),
                                            ::testing::Values(-3.0, 0.0, 2.0)));

TEST_P(BeamSearchTest, IsThatOfPlainLoopsOverEachSentenceAlone) {
  TableModel model(table_);
  const auto found = beam_search(model, source_batch(kSources), options_);
  ASSERT_EQ(found.size(), kSources.size());
  for (std::size_t b = 0; b < kSources.size(); ++b) {
    SCOPED_TRACE("sentence " + std::to_string(b));
    expect_same(found[b], plain_beam_search(model, kSources[b], options_),
                options_.length_normalization);
  }
}

TEST_P(BeamSearchTest, KeepsTheAttentionAndTheProbabilitiesOfEveryHypothesissOwnPath) {
  TableModel model(table_);
  const auto found = beam_search(model, source_batch(kSources), options_);
  for (std::size_t b = 0; b < kSources.size(); ++b) {
    auto source = kSources[b];
    source.push_back(kEndId);
    for (const auto& hypothesis : found[b]) {
      Tokens produced(hypothesis.tokens.begin(), hypothesis.tokens.end());
      if (hypothesis.finished) produced.push_back(kEndId);
      const auto steps = static_cast<int64_t>(produced.size());
      ASSERT_EQ(hypothesis.attention.sizes(),
                (std::vector<int64_t>{steps, static_cast<int64_t>(source.size())}));
      ASSERT_EQ(hypothesis.token_log_probs.size(), produced.size());
      Tokens prefix{kBeginId};
      double total = 0;
      for (std::size_t i = 0; i < produced.size(); ++i) {
        EXPECT_TRUE(torch::equal(hypothesis.attention[static_cast<int64_t>(i)],
                                 torch::tensor(model.attention(source, prefix))));
        const auto token = static_cast<std::size_t>(produced[i]);
        EXPECT_NEAR(hypothesis.token_log_probs[i], model.log_probs(source, prefix)[token], 1e-4);
        total += hypothesis.token_log_probs[i];
        prefix.push_back(produced[i]);
      }
      EXPECT_NEAR(hypothesis.log_prob, total, 1e-9);
    }
  }
}

TEST_P(BeamSearchTest, FindsTheSameWithoutKeepingAttention) {
  TableModel model(table_);
  const auto with = beam_search(model, source_batch(kSources), options_);
  options_.keep_attention = false;
  const auto without = beam_search(model, source_batch(kSources), options_);
  for (std::size_t b = 0; b < kSources.size(); ++b) {
    ASSERT_EQ(with[b].size(), without[b].size());
    for (std::size_t k = 0; k < with[b].size(); ++k) {
      EXPECT_EQ(with[b][k].tokens, without[b][k].tokens);
      EXPECT_EQ(with[b][k].score, without[b][k].score);
      EXPECT_FALSE(without[b][k].attention.defined());
    }
  }
}

TEST(BeamSearch, OfSizeOneIsGreedy) {
  TableModel model({});
  const auto found = beam_search(model, source_batch(kSources), {1, 1.0, 3.0, false});
  for (std::size_t b = 0; b < kSources.size(); ++b) {
    auto source = kSources[b];
    source.push_back(kEndId);
    Expected greedy{{kBeginId}, 0};
    while (!greedy.ended() &&
           static_cast<int64_t>(greedy.tokens.size()) <= limit_of(source, {1, 1.0, 3.0})) {
      const auto all = extensions(model, source, greedy);
      greedy = *std::max_element(all.begin(), all.end(), [](const auto& x, const auto& y) {
        return x.log_prob < y.log_prob;
      });
    }
    expect_same(found[b], {greedy}, 1);
  }
}

TEST(BeamSearch, CutsWhatDoesNotEndAtTheLimitAndSaysSo) {
  TableOptions table;
  table.end_bias = -100;
  TableModel model(table);
  const BeamOptions options{3, 1.0, 1.5, true};
  const auto found = beam_search(model, source_batch(kSources), options);
  for (std::size_t b = 0; b < kSources.size(); ++b) {
    // The source's tokens count with the end of sentence.
    const auto limit =
        static_cast<std::size_t>(1.5 * static_cast<double>(kSources[b].size() + 1)) + 10;
    ASSERT_EQ(found[b].size(), 3);
    for (const auto& hypothesis : found[b]) {
      EXPECT_FALSE(hypothesis.finished);
      EXPECT_EQ(hypothesis.tokens.size(), limit);
      EXPECT_EQ(hypothesis.attention.size(0), static_cast<int64_t>(limit));
    }
  }
}

TEST(BeamSearch, RanksWhatTheLimitCutOffBehindWhatEnded) {
  TableOptions table;
  table.end_bias = -5;
  TableModel model(table);
  bool told_apart = false;  // a cut translation scored better, and still came later
  for (int64_t first = 4; first < 40; ++first) {
    const auto found = beam_search(model, source_batch({{first}}), {6, 1.0, 0.0, false})[0];
    for (std::size_t k = 1; k < found.size(); ++k) {
      EXPECT_GE(found[k - 1].finished, found[k].finished);
      if (found[k - 1].finished == found[k].finished) {
        EXPECT_GE(found[k - 1].score, found[k].score);
      } else {
        told_apart |= found[k - 1].score < found[k].score;
      }
    }
  }
  EXPECT_TRUE(told_apart);
}

TEST(BeamSearch, NeverProducesPaddingOrTheBeginOfSentence) {
  TableOptions table;
  table.reserved_bias = 50;
  TableModel model(table);
  for (const auto& hypotheses : beam_search(model, source_batch(kSources), {4, 1.0, 1.0, false})) {
    ASSERT_EQ(hypotheses.size(), 4);
    for (const auto& hypothesis : hypotheses) {
      for (const int64_t token : hypothesis.tokens)
        EXPECT_TRUE(token != kPadId && token != kBeginId);
    }
  }
}

TEST(BeamSearch, GivesFewerHypothesesOnlyIfThereAreNoMore) {
  TableOptions table;
  table.allowed = kEndId + 1;  // <unk> and the end of sentence: one translation per length
  TableModel model(table);
  const BeamOptions options{30, 1.0, 0.0, true};
  const auto found = beam_search(model, source_batch({{7}}), options)[0];
  EXPECT_EQ(found.size(), 11);  // 0 to 9 <unk> and the end, and 10 <unk>
  expect_same(found, plain_beam_search(model, {7}, options), 1);
}

TEST(BeamSearch, DropsSentencesFromTheBatchAsSoonAsTheyAreDone) {
  TableOptions table;
  table.end_bias = -100;
  table.instant_end = 9;
  TableModel model(table);
  const BeamOptions options{1, 1.0, 1.0, false};
  const auto found = beam_search(model, source_batch({{9, 4}, {5, 5, 5}, {9}, {6}}), options);
  EXPECT_TRUE(found[0][0].tokens.empty());
  EXPECT_TRUE(found[2][0].tokens.empty());
  std::vector<int64_t> rows{4};    // all
  rows.insert(rows.end(), 11, 2);  // {6} has a limit of 12 tokens
  rows.insert(rows.end(), 2, 1);   // {5, 5, 5} one of 14
  EXPECT_EQ(model.rows_of_steps, rows);
}

TEST(BeamSearch, RefusesABeamOfNothing) {
  TableModel model({});
  EXPECT_THROW(beam_search(model, source_batch({{4}}), {0, 1.0, 1.0, false}), c10::Error);
}

}  // namespace
}  // namespace weft
