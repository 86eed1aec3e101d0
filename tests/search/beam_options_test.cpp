// Beam search with lengths, coverage, early stopping and groups.

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "search/beam_search.h"
#include "search/enumerated.h"
#include "search/minimum_length.h"
#include "search/soft_beginnings.h"

namespace weft {
namespace {

DecodingOptions with(const std::function<void(DecodingOptions&)>& change) {
  DecodingOptions options = decoding(600, 1);
  options.max_length = 4;
  change(options);
  return options;
}

const std::vector<DecodingOptions>& scorings() {
  static const std::vector<DecodingOptions> kAll{with([](auto& o) { o.length_normalization = 0; }),
                                                 with([](auto& o) {
                                                   o.length_offset = 5;
                                                   o.length_normalization = 0.6;
                                                 }),
                                                 with([](auto& o) { o.word_penalty = -1.5; }),
                                                 with([](auto& o) {
                                                   o.word_penalty = 0.7;
                                                   o.length_normalization = 0.3;
                                                 }),
                                                 with([](auto& o) {
                                                   o.brevity_penalty = 2;
                                                   o.length_ratio = 1.2;
                                                 }),
                                                 with([](auto& o) { o.coverage_penalty = 0.4; }),
                                                 with([](auto& o) {
                                                   o.coverage_penalty = 1;
                                                   o.length_offset = 5;
                                                   o.brevity_penalty = 1;
                                                   o.word_penalty = 0.1;
                                                 })};
  return kAll;
}

TEST(BeamOptions, FindWhatScoresBestOfEverythingWhenTheBeamIsWideEnough) {
  TableOptions table;
  table.vocabulary = 6;
  TableModel model(table);
  for (const auto& options : scorings()) {
    const auto found = beam_search(model, source_batch({{7, 4}}), options, {{}, 0})[0];
    const Tokens source{7, 4, kEndId};
    std::vector<Expected> all;
    enumerate(model, source, {{kBeginId}, 0}, options.max_length, all);
    std::vector<double> scores;
    for (const auto& translation : all)
      if (translation.ended()) scores.push_back(score_of(model, source, translation, options));
    std::sort(scores.rbegin(), scores.rend());
    ASSERT_EQ(found.size(), all.size());
    for (std::size_t k = 0; k < scores.size(); ++k) EXPECT_NEAR(found[k].score, scores[k], 1e-4);
  }
}

TEST(BeamOptions, StoppingExactlyLeavesTheBestAsTheyAre) {
  TableOptions table;
  table.vocabulary = 12;
  for (const double end_bias : {0.0, 2.0, 4.0}) {
    table.end_bias = end_bias;
    TableModel model(table);
    for (auto options : scorings()) {
      options.beam_size = 6;
      options.max_length = 0;
      for (const int64_t n_best : {1, 3}) {
        SearchRequest request{{}, 0};
        request.n_best = n_best;
        options.early_stopping = EarlyStopping::kNever;
        const auto all = beam_search(model, source_batch(kSources), options, request);
        const auto steps = model.rows_of_steps;
        options.early_stopping = EarlyStopping::kExact;
        const auto early = beam_search(model, source_batch(kSources), options, request);
        EXPECT_LE(model.rows_of_steps.size(), steps.size());
        for (std::size_t b = 0; b < all.size(); ++b) {
          for (std::size_t k = 0; k < static_cast<std::size_t>(n_best); ++k) {
            EXPECT_EQ(early[b].at(k).tokens, all[b].at(k).tokens);
            EXPECT_EQ(early[b].at(k).score, all[b].at(k).score);
          }
        }
      }
    }
  }
}

TEST(BeamOptions, StoppingEarlyTakesFewerSteps) {
  TableOptions table;
  table.vocabulary = 12;
  table.end_bias = 4;
  TableModel model(table);
  std::vector<std::size_t> steps;
  for (const auto stopping :
       {EarlyStopping::kNever, EarlyStopping::kExact, EarlyStopping::kFirst}) {
    auto options = decoding(6, 0);
    options.early_stopping = stopping;
    SearchRequest request;
    request.n_best = 1;
    const auto found = beam_search(model, source_batch(kSources), options, request);
    for (const auto& hypotheses : found) EXPECT_TRUE(hypotheses.at(0).finished);
    steps.push_back(model.rows_of_steps.size());
  }
  EXPECT_GT(steps[0], steps[1]);
  EXPECT_GT(steps[0], steps[2]);
}

TEST(BeamOptions, NothingEndsBeforeItsMinimumNorAfterItsMaximum) {
  TableOptions table;
  table.end_bias = 5;
  TableModel model(table);
  auto options = decoding(5);
  options.max_length = 7;
  MinimumLength minimum({3, 6, 0, 2, 4}, 8);
  const auto found = beam_search(model, source_batch(kSources), options, {{&minimum}});
  const std::vector<std::size_t> least{3, 6, 0, 2, 4};
  std::size_t shortest = 100;
  for (std::size_t b = 0; b < found.size(); ++b) {
    for (const auto& hypothesis : found[b]) {
      EXPECT_GE(hypothesis.tokens.size(), least[b]);
      EXPECT_LE(hypothesis.token_log_probs.size(), 7);
      shortest = std::min(shortest, hypothesis.tokens.size());
    }
  }
  EXPECT_EQ(shortest, 0);
}

/// Diverse beam search of one sentence in plain loops, group by group at each step.
std::vector<Expected> plain_diverse_search(const TableModel& model, Tokens source,
                                           const DecodingOptions& options,
                                           const std::vector<std::size_t>& capacities,
                                           double diversity) {
  source.push_back(kEndId);
  std::vector<std::vector<Expected>> live(capacities.size(), {{{kBeginId}, 0}}),
      done(capacities.size());
  for (int64_t step = 1; step <= limit_of(source, options); ++step) {
    std::map<int64_t, int> chosen;
    for (std::size_t g = 0; g < capacities.size(); ++g) {
      std::vector<std::pair<double, Expected>> all;
      for (const auto& prefix : live[g]) {
        for (auto& extended : extensions(model.log_probs(source, prefix.tokens), prefix)) {
          const double penalty = diversity * chosen[extended.tokens.back()];
          all.emplace_back(extended.log_prob - penalty, std::move(extended));
        }
      }
      std::stable_sort(all.begin(), all.end(),
                       [](const auto& a, const auto& b) { return a.first > b.first; });
      all.resize(std::min(all.size(), capacities[g] - done[g].size()));
      live[g].clear();
      for (auto& [rank, candidate] : all) {
        ++chosen[candidate.tokens.back()];
        const bool over = candidate.ended() || step == limit_of(source, options);
        (over ? done : live)[g].push_back(std::move(candidate));
      }
    }
  }
  std::vector<Expected> joined;
  for (auto& of_group : done) joined.insert(joined.end(), of_group.begin(), of_group.end());
  rank(joined, options.length_normalization);
  return joined;
}

TEST(BeamOptions, GroupsAreThoseOfPlainLoops) {
  TableOptions table;
  table.vocabulary = 9;
  table.end_bias = 0.5;
  TableModel model(table);
  const auto options = decoding(7);
  for (const double diversity : {0.0, 0.4, 3.0}) {
    SearchRequest request;
    request.groups = 3;
    request.diversity = diversity;
    const auto found = beam_search(model, source_batch(kSources), options, request);
    for (std::size_t b = 0; b < kSources.size(); ++b) {
      SCOPED_TRACE(b);
      expect_same(found[b], plain_diverse_search(model, kSources[b], options, {3, 2, 2}, diversity),
                  1);
    }
  }
}

TEST(BeamOptions, OneGroupIsPlainSearch) {
  TableModel model({});
  const auto options = decoding(5);
  SearchRequest request;
  request.diversity = 3;
  const auto found = beam_search(model, source_batch(kSources), options, request);
  for (std::size_t b = 0; b < kSources.size(); ++b)
    expect_same(found[b], plain_beam_search(model, kSources[b], options), 1);
}

TEST(BeamOptions, GroupsThatDoNotMindEachOtherAreAsManyPlainSearches) {
  TableModel model({});
  SearchRequest request;
  request.groups = 3;
  const auto found = beam_search(model, source_batch(kSources), decoding(9), request);
  for (std::size_t b = 0; b < kSources.size(); ++b) {
    std::vector<Expected> three_times;
    for (const auto& one : plain_beam_search(model, kSources[b], decoding(3)))
      three_times.insert(three_times.end(), 3, one);
    expect_same(found[b], three_times, 1);
  }
}

TEST(BeamOptions, GroupsDiffer) {
  TableModel model({});
  SearchRequest request;
  request.groups = 4;
  std::vector<std::size_t> different;
  for (const double diversity : {0.0, 5.0}) {
    request.diversity = diversity;
    std::set<Tokens> all;
    const auto found = beam_search(model, source_batch({{4, 5}}), decoding(8), request);
    for (const auto& hypothesis : found[0]) all.insert(with_ends(hypothesis));
    different.push_back(all.size());
  }
  EXPECT_EQ(different[0], 2);  // each group finds the same two
  EXPECT_GT(different[1], 6);
}

/// Tokens of the beginning that the translation has.
std::size_t followed(const Expected& translation, const std::vector<int32_t>& beginning) {
  std::size_t count = 0;
  while (count < beginning.size() && count + 1 < translation.tokens.size() &&
         translation.tokens[count + 1] == beginning[count])
    ++count;
  return count;
}

TEST(SoftBeginnings, AreWorthTheirWeightInScoresAndRanks) {
  TableOptions table;
  table.vocabulary = 6;
  TableModel model(table);
  const std::vector<Tokens> sources{{7, 4}, {5}};
  const std::vector<std::vector<int32_t>> beginnings{{5, 4, 5}, {}};
  for (const double weight : {0.5, 3.0, 50.0}) {
    for (auto options : scorings()) {
      const auto search = [&] {
        SoftBeginnings soft(beginnings, weight, 6);
        SearchRequest request{{&soft}, 0};
        return beam_search(model, source_batch(sources), options, request);
      };
      const auto found = search();
      for (std::size_t b = 0; b < sources.size(); ++b) {
        auto source = sources[b];
        source.push_back(kEndId);
        std::vector<Expected> all;
        enumerate(model, source, {{kBeginId}, 0}, options.max_length, all);
        std::vector<double> scores;
        for (auto translation : all) {
          translation.log_prob +=
              weight * static_cast<double>(followed(translation, beginnings[b]));
          if (translation.ended()) scores.push_back(score_of(model, source, translation, options));
        }
        std::sort(scores.rbegin(), scores.rend());
        ASSERT_EQ(found[b].size(), all.size());
        for (std::size_t k = 0; k < scores.size(); ++k)
          EXPECT_NEAR(found[b][k].score, scores[k], 1e-3);
      }
      if (weight < 50) continue;
      // Worth so much, it is followed by a beam of one too.
      options.beam_size = 1;
      EXPECT_GE(search()[0].at(0).tokens.size(), 3U);
      EXPECT_EQ(followed({with_ends(search()[0].at(0)), 0}, beginnings[0]), 3U);
    }
  }
}

TEST(SoftBeginnings, LeaveTheProbabilitiesOfTheModel) {
  TableOptions table;
  table.vocabulary = 6;
  TableModel model(table);
  auto options = decoding(3, 0);
  options.early_stopping = EarlyStopping::kExact;
  SoftBeginnings soft({{5, 4}}, 50, 6);
  SearchRequest request{{&soft}};
  const auto found = beam_search(model, source_batch({{7, 4}}), options, request)[0];
  for (const auto& hypothesis : found) {
    double expected = 0;
    const auto tokens = with_ends(hypothesis);
    for (std::size_t i = 1; i < tokens.size(); ++i)
      expected += model.log_probs(
          {7, 4, kEndId},
          Tokens(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(
                                                      i)))[static_cast<std::size_t>(tokens[i])];
    EXPECT_NEAR(hypothesis.log_prob, expected, 1e-4);
  }
  EXPECT_TRUE(
      std::any_of(found.begin(), found.end(), [](const auto& one) { return one.reward == 100; }));
}

TEST(BeamOptions, HeedTheLengthRatiosOfLines) {
  TableOptions table;
  table.vocabulary = 8;
  TableModel model(table);
  auto options = decoding(12);
  options.brevity_penalty = 3;
  SearchRequest request;
  request.length_ratios = {0.5, 3, 1, 2, 0.1};
  const auto together = beam_search(model, source_batch(kSources), options, request);
  request.length_ratios.clear();
  const std::vector<double> ratios{0.5, 3, 1, 2, 0.1};
  for (std::size_t b = 0; b < kSources.size(); ++b) {
    options.length_ratio = ratios[b];
    const auto alone = beam_search(model, source_batch({kSources[b]}), options, request)[0];
    ASSERT_EQ(alone.size(), together[b].size());
    for (std::size_t k = 0; k < alone.size(); ++k) {
      EXPECT_EQ(alone[k].tokens, together[b][k].tokens);
      EXPECT_EQ(alone[k].score, together[b][k].score);
    }
  }
}

}  // namespace
}  // namespace weft
