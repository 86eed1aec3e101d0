#include "search/beam_search.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "search/enumerated.h"
#include "search/plain_search.h"
#include "search/table_model.h"

namespace weft {
namespace {

SearchRequest with_attention() { return {{}, 0}; }

TEST(BeamSearch, FindsEveryTranslationInOrderWhenTheBeamIsWideEnough) {
  TableOptions table;
  table.vocabulary = 5;  // <unk> and one word
  TableModel model(table);
  std::vector<Expected> all;
  enumerate(model, {7, kEndId}, {{kBeginId}, 0}, 10, all);
  ASSERT_EQ(all.size(), 1023 + 1024);  // ended before or at the limit of 10, and cut off there
  for (const double alpha : {0.0, 0.6, 1.0}) {
    rank(all, alpha);
    const auto found = beam_search(model, source_batch({{7}}), decoding(2047, alpha, 0.0))[0];
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
    options_ = decoding(beam_size, alpha, 1.5);
    table_.end_bias = end_bias;
  }

  DecodingOptions options_;
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
  const auto found = beam_search(model, source_batch(kSources), options_, with_attention());
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
  const auto with = beam_search(model, source_batch(kSources), options_, with_attention());
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
  const auto found = beam_search(model, source_batch(kSources), decoding(1, 1.0, 3.0));
  for (std::size_t b = 0; b < kSources.size(); ++b) {
    auto source = kSources[b];
    source.push_back(kEndId);
    Expected greedy{{kBeginId}, 0};
    while (!greedy.ended() &&
           static_cast<int64_t>(greedy.tokens.size()) <= limit_of(source, decoding(1, 1.0, 3.0))) {
      const auto all = extensions(model.log_probs(source, greedy.tokens), greedy);
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
  const auto found =
      beam_search(model, source_batch(kSources), decoding(3, 1.0, 1.5), with_attention());
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
    const auto found = beam_search(model, source_batch({{first}}), decoding(6, 1.0, 0.0))[0];
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
  for (const auto& hypotheses : beam_search(model, source_batch(kSources), decoding(4, 1.0, 1.0))) {
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
  const auto options = decoding(30, 1.0, 0.0);
  const auto found = beam_search(model, source_batch({{7}}), options)[0];
  EXPECT_EQ(found.size(), 11);  // 0 to 9 <unk> and the end, and 10 <unk>
  expect_same(found, plain_beam_search(model, {7}, options), 1);
}

TEST(BeamSearch, DropsSentencesFromTheBatchAsSoonAsTheyAreDone) {
  TableOptions table;
  table.end_bias = -100;
  table.instant_end = 9;
  TableModel model(table);
  const auto options = decoding(1, 1.0, 1.0);
  const auto found = beam_search(model, source_batch({{9, 4}, {5, 5, 5}, {9}, {6}}), options);
  EXPECT_TRUE(found[0][0].tokens.empty());
  EXPECT_TRUE(found[2][0].tokens.empty());
  std::vector<int64_t> rows{4};    // all
  rows.insert(rows.end(), 11, 2);  // {6} has a limit of 12 tokens
  rows.insert(rows.end(), 2, 1);   // {5, 5, 5} one of 14
  EXPECT_EQ(model.rows_of_steps, rows);
}

/// The hypotheses of a model some of whose rows are no numbers, or equal.
TEST(BeamSearch, GoesOnWithWhatIsANumber) {
  const torch::NoGradGuard no_gradient;  // so that of equal tokens the lower comes first
  int empty = 0, fewer = 0, full = 0;
  for (const int64_t vocabulary : {5, 6, 12}) {
    TableOptions table;
    table.vocabulary = vocabulary;
    table.odd = 0.4;
    TableModel model(table);
    for (const int64_t beam_size : {1, 3, 8, 50}) {
      const auto options = decoding(beam_size, 1, 0);
      const auto found = beam_search(model, source_batch(kSources), options);
      for (std::size_t b = 0; b < kSources.size(); ++b) {
        SCOPED_TRACE("vocabulary " + std::to_string(vocabulary) + ", beam " +
                     std::to_string(beam_size) + ", sentence " + std::to_string(b));
        expect_same(found[b], plain_beam_search(model, kSources[b], options), 1);
        (found[b].empty()                                                ? empty
         : found[b].size() < static_cast<std::size_t>(options.beam_size) ? fewer
                                                                         : full) += 1;
      }
    }
  }
  EXPECT_GT(empty, 0);
  EXPECT_GT(fewer, 0);
  EXPECT_GT(full, 0);
}

TEST(BeamSearch, RefusesABeamOfNothing) {
  TableModel model({});
  EXPECT_THROW(beam_search(model, source_batch({{4}}), decoding(0, 1.0, 1.0)), c10::Error);
}

}  // namespace
}  // namespace weft
