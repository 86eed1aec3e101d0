#include "search/token_lists.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "kernels/matmul.h"
#include "model/tiny_model.h"
#include "search/beam_search.h"
#include "search/ensemble.h"
#include "search/enumerated.h"
#include "search/forced_beginnings.h"
#include "search/minimum_length.h"
#include "search/sampling.h"

namespace weft {
namespace {

const std::vector<std::vector<int64_t>> kLists{
    {1, 3, 4, 7}, {3, 5}, {3, 4, 5, 6, 7}, {3, 6}, {3, 7}};

TableModel table_model() {
  TableOptions table;
  table.vocabulary = 8;
  return TableModel(table);
}

TEST(TokenLists, LeaveSearchTheListedTokensAlone) {
  for (const int64_t beam : {1, 3, 1000}) {
    auto model = table_model();
    auto options = decoding(beam, 1, 0.2);
    SearchRequest request;
    request.lists = kLists;
    const auto found = beam_search(model, source_batch(kSources), options, request);
    for (std::size_t b = 0; b < kSources.size(); ++b) {
      if (beam == 1000 && kLists[b].size() > 3) continue;  // too many to look at each
      expect_same(found[b], plain_beam_search(ListedModel{model, kLists[b]}, kSources[b], options),
                  1);
    }
  }
}

TEST(TokenLists, FindWhatScoresBestOfEverythingWhenTheBeamIsWideEnough) {
  auto model = table_model();
  auto options = decoding(400, 0.7);
  options.max_length = 4;
  options.word_penalty = -0.5;
  SearchRequest request;
  request.lists = {kLists[0], kLists[2]};
  MinimumLength minimum({2, 1}, 8);
  ForcedBeginnings beginnings({{7}, {}});
  request.policies = {&minimum, &beginnings};
  const auto found = beam_search(model, source_batch({{7, 4}, {5}}), options, request);
  const std::vector<Tokens> sources{{7, 4, kEndId}, {5, kEndId}};
  for (std::size_t b = 0; b < sources.size(); ++b) {
    std::vector<Expected> all;
    enumerate(ListedModel{model, request.lists[b]}, sources[b], {{kBeginId}, 0}, 4, all);
    std::vector<double> scores;
    for (const auto& translation : all) {
      const auto length = static_cast<double>(translation.tokens.size() - 1);
      if (b == 0 && (translation.tokens[1] != 7 || length < 3)) continue;
      if (b == 1 && length < 2) continue;
      if (translation.ended())
        scores.push_back((translation.log_prob + 0.5 * length) / std::pow(length, 0.7));
    }
    std::sort(scores.rbegin(), scores.rend());
    ASSERT_GT(scores.size(), 5);
    for (std::size_t k = 0; k < scores.size(); ++k)
      EXPECT_NEAR(found[b].at(k).score, scores[k], 1e-4);
  }
}

TEST(TokenLists, SamplesFollowTheDistributionOverTheList) {
  auto model = table_model();
  auto options = decoding(50);
  options.max_length = 3;
  constexpr std::size_t kLines = 400;
  std::vector<std::size_t> lines(kLines);
  std::iota(lines.begin(), lines.end(), 0);
  SamplingOptions sampling;
  sampling.method = SamplingMethod::kAncestral;
  const auto sampler = make_sampler(sampling, lines);
  SearchRequest request{{sampler.get()}};
  request.groups = 50;
  request.lists.assign(kLines, {3, 4, 6});
  std::map<Tokens, int64_t> counts;
  for (const auto& samples :
       beam_search(model, source_batch(std::vector<Tokens>(kLines, {7, 5})), options, request))
    for (const auto& sample : samples) ++counts[with_ends(sample)];
  std::vector<Expected> all;
  enumerate(ListedModel{model, {3, 4, 6}}, {7, 5, kEndId}, {{kBeginId}, 0}, 3, all);
  std::map<Tokens, double> probabilities;
  for (const auto& one : all) probabilities[one.tokens] = std::exp(one.log_prob);
  EXPECT_LT(chi_squared_excess(probabilities, counts, kLines * 50), 4.5);
}

class TokenListsOfModels : public ::testing::TestWithParam<Precision> {
 protected:
  /// As wide as those that kernels have products for.
  static TranslationModel model(uint64_t seed) {
    TinyModel tiny;
    tiny.change = [](ModelOptions& options) { options.decoder.readout = 64; };
    tiny.tying = EmbeddingTying::kNone;
    auto options = tiny_options(tiny);
    auto sizes = tiny_sizes(options, 1);
    sizes.target = 1000;
    TranslationModel model(options, sizes);
    model->to(torch::kFloat32);
    torch::manual_seed(seed);
    model->initialize();
    model->eval();
    return model;
  }

  /// Some hundred tokens that depend on `seed`.
  static std::vector<int64_t> list(int64_t seed, int64_t step) {
    std::vector<int64_t> tokens{kUnknownId, kEndId};
    for (int64_t token = 4 + seed; token < 1000; token += step) tokens.push_back(token);
    return tokens;
  }

  torch::NoGradGuard no_grad_;
};

INSTANTIATE_TEST_SUITE_P(Precisions, TokenListsOfModels,
                         ::testing::Values(Precision::kFloat32, Precision::kBfloat16,
                                           Precision::kInt8));

TEST_P(TokenListsOfModels, DoNotMakeALineDependOnItsNeighbours) {
  if (!kernels::has_products_in(GetParam())) return;
  const std::vector<Tokens> sources{{4, 5, 6}, {7, 8, 4}, {5, 5, 4}};
  const std::vector<std::vector<int64_t>> lists{list(0, 7), list(1, 2), list(3, 11)};
  for (const bool both : {false, true}) {
    Ensemble ensemble(both ? std::vector{model(1), model(2)} : std::vector{model(1)}, GetParam());
    SearchRequest request;
    request.lists = lists;
    const auto together = beam_search(ensemble, source_batch(sources), decoding(4), request);
    for (std::size_t b = 0; b < sources.size(); ++b) {
      request.lists = {lists[b]};
      const auto alone = beam_search(ensemble, source_batch({sources[b]}), decoding(4), request)[0];
      ASSERT_EQ(alone.size(), together[b].size());
      for (std::size_t k = 0; k < alone.size(); ++k) {
        EXPECT_EQ(alone[k].tokens, together[b][k].tokens);
        EXPECT_EQ(alone[k].token_log_probs, together[b][k].token_log_probs);
        for (const int64_t token : alone[k].tokens)
          EXPECT_TRUE(std::binary_search(lists[b].begin(), lists[b].end(), token));
      }
    }
  }
}

TEST_P(TokenListsOfModels, OfAllTokensChangeNothing) {
  if (!kernels::has_products_in(GetParam())) return;
  Ensemble ensemble({model(1), model(2)}, GetParam());
  const std::vector<Tokens> sources{{4, 5, 6}, {7}};
  SearchRequest request;
  const auto plain = beam_search(ensemble, source_batch(sources), decoding(4), request);
  std::vector<int64_t> all(1000);
  std::iota(all.begin(), all.end(), 0);
  request.lists = {all, all};
  const auto listed = beam_search(ensemble, source_batch(sources), decoding(4), request);
  for (std::size_t b = 0; b < sources.size(); ++b) {
    ASSERT_EQ(listed[b].size(), plain[b].size());
    for (std::size_t k = 0; k < plain[b].size(); ++k) {
      EXPECT_EQ(listed[b][k].tokens, plain[b][k].tokens);
      // Excluded tokens have a probability there, and none here.
      EXPECT_NEAR(listed[b][k].log_prob, plain[b][k].log_prob,
                  0.01 * static_cast<double>(plain[b][k].token_log_probs.size()));
    }
  }
}

}  // namespace
}  // namespace weft
