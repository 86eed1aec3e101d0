#include "search/sampling.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <vector>

#include "search/beam_search.h"
#include "search/enumerated.h"
#include "search/excluded_tokens.h"
#include "search/forced_beginnings.h"

namespace weft {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();
const Tokens kSource{7, 5};

/// The probabilities, 0 where a token is cut away.
std::vector<double> shaped(std::vector<double> probabilities, const SamplingOptions& options) {
  for (double& value : probabilities) value = std::log(value);
  shape_distribution(probabilities, options);
  for (double& value : probabilities) value = std::exp(value);
  return probabilities;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12) << i;
}

TEST(Sampling, CutsAndShapesDistributions) {
  const std::vector<double> p{0.1, 0.4, 0.2, 0.3};
  SamplingOptions options;
  expect_near(shaped(p, options), p);
  options.temperature = 0.5;  // squares
  expect_near(shaped(p, options), {0.01 / 0.3, 0.16 / 0.3, 0.04 / 0.3, 0.09 / 0.3});
  options = {};
  options.top_k = 2;
  expect_near(shaped(p, options), {0, 0.4 / 0.7, 0, 0.3 / 0.7});
  options = {};
  options.top_p = 0.7000001;
  expect_near(shaped(p, options), {0, 0.4 / 0.9, 0.2 / 0.9, 0.3 / 0.9});
  options.top_p = 0.6999999;
  expect_near(shaped(p, options), {0, 0.4 / 0.7, 0, 0.3 / 0.7});
  options.top_p = 1e-9;
  expect_near(shaped(p, options), {0, 1, 0, 0});
  options = {};
  options.min_p = 0.500001;
  expect_near(shaped(p, options), {0, 0.4 / 0.7, 0, 0.3 / 0.7});
  options.top_k = 3;
  options.top_p = 0.75;  // of what top_k left: 0.4 / 0.9 and 0.3 / 0.9 are 0.78 of it
  options.min_p = 0.8;
  expect_near(shaped(p, options), {0, 1, 0, 0});
}

TEST(Sampling, IsGreedyHoweverColdItIs) {
  SamplingOptions options;
  options.temperature = 1e-310;
  expect_near(shaped({0.125, 0.25, 0.5, 0.125}, options), {0, 0, 1, 0});
}

TEST(Sampling, LeavesWhatMayNotFollowOut) {
  std::vector<double> log_probs{kNever, std::log(0.25), kNever, std::log(0.75)};
  SamplingOptions options;
  options.top_k = 4;
  shape_distribution(log_probs, options);
  EXPECT_EQ(log_probs[0], kNever);
  EXPECT_NEAR(std::exp(log_probs[1]), 0.25, 1e-12);
}

/// Searches for `copies` of one source, with the line numbers from `first` on.
std::vector<std::vector<Hypothesis>> draw(const SamplingOptions& sampling, std::size_t copies,
                                          int64_t samples, std::size_t first = 0,
                                          const std::vector<TokenPolicy*>& others = {}) {
  TableOptions table;
  table.vocabulary = 6;
  TableModel model(table);
  auto options = decoding(samples);
  options.max_length = 3;
  std::vector<std::size_t> lines(copies);
  std::iota(lines.begin(), lines.end(), first);
  const auto sampler = make_sampler(sampling, lines);
  SearchRequest request{others};
  request.policies.push_back(sampler.get());
  if (sampling.method == SamplingMethod::kAncestral) request.groups = samples;
  return beam_search(model, source_batch(std::vector<Tokens>(copies, kSource)), options, request);
}

/// The probability of everything that draw() may bring, by shaped steps.
std::map<Tokens, double> distribution(const SamplingOptions& sampling) {
  TableOptions table;
  table.vocabulary = 6;
  const TableModel model(table);
  auto source = kSource;
  source.push_back(kEndId);
  std::vector<Expected> all;
  enumerate(model, source, {{kBeginId}, 0}, 3, all);
  std::map<Tokens, double> probabilities;
  for (const auto& translation : all) {
    double log_prob = 0;
    for (std::size_t i = 1; i < translation.tokens.size(); ++i) {
      const Tokens prefix(translation.tokens.begin(),
                          translation.tokens.begin() + static_cast<std::ptrdiff_t>(i));
      const auto of_model = model.log_probs(source, prefix);
      std::vector<double> step(of_model.begin(), of_model.end());
      step[kPadId] = step[kBeginId] = kNever;
      shape_distribution(step, sampling);
      log_prob += step[static_cast<std::size_t>(translation.tokens[i])];
    }
    if (log_prob > kNever) probabilities[translation.tokens] = std::exp(log_prob);
  }
  return probabilities;
}

SamplingOptions options_of(SamplingMethod method) {
  SamplingOptions options;
  options.method = method;
  return options;
}

class SamplingShapes : public testing::TestWithParam<SamplingOptions> {};
INSTANTIATE_TEST_SUITE_P(All, SamplingShapes,
                         testing::Values(SamplingOptions{}, SamplingOptions{.temperature = 2},
                                         SamplingOptions{.temperature = 0.6, .top_k = 2},
                                         SamplingOptions{.top_p = 0.8},
                                         SamplingOptions{.min_p = 0.2, .seed = 8}));

TEST_P(SamplingShapes, AncestralSamplesFollowTheDistribution) {
  auto options = GetParam();
  options.method = SamplingMethod::kAncestral;
  std::map<Tokens, int64_t> counts;
  for (const auto& samples : draw(options, 400, 50)) {
    ASSERT_EQ(samples.size(), 50);
    for (const auto& sample : samples) ++counts[with_ends(sample)];
  }
  EXPECT_LT(chi_squared_excess(distribution(options), counts, 20000), 4.5);
}

TEST_P(SamplingShapes, GumbelBeamsFollowThatOfDrawingWithoutReplacement) {
  auto options = GetParam();
  options.method = SamplingMethod::kGumbel;
  const auto probabilities = distribution(options);
  std::map<std::pair<Tokens, Tokens>, double> of_pairs;
  for (const auto& [first, p] : probabilities) {
    for (const auto& [second, q] : probabilities)
      if (first != second) of_pairs[{first, second}] = p * q / (1 - p);
  }
  std::map<std::pair<Tokens, Tokens>, int64_t> counts;
  constexpr std::size_t kLines = 12000;
  for (const auto& samples : draw(options, kLines, 2)) {
    ASSERT_EQ(samples.size(), 2);
    ++counts[{with_ends(samples[0]), with_ends(samples[1])}];
  }
  EXPECT_LT(chi_squared_excess(of_pairs, counts, kLines), 4.5);
}

TEST(Sampling, GumbelBeamsHoldEverythingIfTheyAreWideEnough) {
  const auto options = options_of(SamplingMethod::kGumbel);
  const auto probabilities = distribution(options);
  const auto samples = draw(options, 1, 100)[0];
  std::set<Tokens> different;
  for (const auto& sample : samples) different.insert(with_ends(sample));
  EXPECT_EQ(different.size(), probabilities.size());
}

std::vector<Tokens> tokens_of(const std::vector<Hypothesis>& hypotheses) {
  std::vector<Tokens> all;
  for (const auto& hypothesis : hypotheses) all.push_back(with_ends(hypothesis));
  return all;
}

TEST(Sampling, OfALineDoesNotDependOnItsNeighbours) {
  for (const auto method : {SamplingMethod::kAncestral, SamplingMethod::kGumbel}) {
    const auto together = draw(options_of(method), 20, 5);
    for (const std::size_t line : {0U, 7U, 19U})
      EXPECT_EQ(tokens_of(draw(options_of(method), 1, 5, line)[0]), tokens_of(together[line]));
    EXPECT_NE(tokens_of(together[0]), tokens_of(together[1]));
  }
}

TEST(Sampling, DependsOnTheSeedAlone) {
  auto options = options_of(SamplingMethod::kAncestral);
  const auto first = tokens_of(draw(options, 1, 50)[0]);
  EXPECT_EQ(tokens_of(draw(options, 1, 50)[0]), first);
  options.seed = 2;
  EXPECT_NE(tokens_of(draw(options, 1, 50)[0]), first);
}

TEST(Sampling, HeedsWhatIsForcedAndExcluded) {
  for (const auto method : {SamplingMethod::kAncestral, SamplingMethod::kGumbel}) {
    ForcedBeginnings beginnings(std::vector<std::vector<int32_t>>(30, {4}));
    ExcludedTokens excluded({5});
    for (const auto& samples : draw(options_of(method), 30, 4, 0, {&beginnings, &excluded})) {
      for (const auto& sample : samples) {
        ASSERT_FALSE(sample.tokens.empty());
        EXPECT_EQ(sample.tokens.front(), 4);
        for (const auto token : sample.tokens) EXPECT_NE(token, 5);
      }
    }
  }
}

TEST(Sampling, KeepsTheModelsProbabilities) {
  auto options = options_of(SamplingMethod::kGumbel);
  options.temperature = 3;
  const auto drawn = draw(options, 1, 8);
  for (const auto& sample : drawn[0]) {
    double expected = 0;
    TableOptions table;
    table.vocabulary = 6;
    const TableModel model(table);
    auto source = kSource;
    source.push_back(kEndId);
    const auto tokens = with_ends(sample);
    for (std::size_t i = 1; i < tokens.size(); ++i)
      expected += model.log_probs(
          source, Tokens(tokens.begin(),
                         tokens.begin() +
                             static_cast<std::ptrdiff_t>(i)))[static_cast<std::size_t>(tokens[i])];
    EXPECT_NEAR(sample.log_prob, expected, 1e-4);
  }
}

}  // namespace
}  // namespace weft
