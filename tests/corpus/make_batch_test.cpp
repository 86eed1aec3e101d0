#include "data/make_batch.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include "corpus/corpus_of.h"
#include "corpus/fake_items.h"
#include "text/vocabulary.h"

namespace weft {
namespace {

torch::Tensor ids(const std::vector<std::vector<int64_t>>& rows) {
  std::vector<torch::Tensor> tensors;
  for (const auto& row : rows) tensors.push_back(torch::tensor(row));
  return torch::stack(tensors);
}

TEST(MakeBatch, AddsBeginAndEndAndPads) {
  const ParallelCorpus corpus = corpus_of({{10, 11, 12}, {20}}, {{30}, {40, 41}});
  const Batch batch = make_batch(corpus, {1, 0});
  EXPECT_TRUE(torch::equal(batch.sources[0].ids, ids({{20, 3, 0, 0}, {10, 11, 12, 3}})));
  EXPECT_TRUE(
      torch::equal(batch.sources[0].mask, ids({{1, 1, 0, 0}, {1, 1, 1, 1}}).to(torch::kBool)));
  EXPECT_FALSE(batch.sources[0].features.defined());
  EXPECT_TRUE(torch::equal(batch.target_input, ids({{2, 40, 41}, {2, 30, 0}})));
  EXPECT_TRUE(torch::equal(batch.target_output, ids({{40, 41, 3}, {30, 3, 0}})));
  EXPECT_TRUE(torch::equal(batch.target_mask, ids({{1, 1, 1}, {1, 1, 0}}).to(torch::kBool)));
  EXPECT_EQ(batch.source_tokens, 6);
  EXPECT_EQ(batch.target_tokens, 5);
  EXPECT_EQ(batch.pairs, (std::vector<int64_t>{1, 0}));
}

TEST(MakeBatch, HasInt64IdsAndBoolMasks) {
  const Batch batch = make_batch(corpus_of({{10}}, {{20}}), {0});
  EXPECT_EQ(batch.sources[0].ids.scalar_type(), torch::kLong);
  EXPECT_EQ(batch.target_output.scalar_type(), torch::kLong);
  EXPECT_EQ(batch.sources[0].mask.scalar_type(), torch::kBool);
  EXPECT_EQ(batch.target_mask.scalar_type(), torch::kBool);
}

TEST(MakeBatch, TakesOnePairOfOneToken) {
  const Batch batch = make_batch(corpus_of({{10}}, {{20}}), {0});
  EXPECT_TRUE(torch::equal(batch.sources[0].ids, ids({{10, 3}})));
  EXPECT_TRUE(torch::equal(batch.target_input, ids({{2, 20}})));
  EXPECT_TRUE(batch.sources[0].mask.all().item<bool>());
}

TEST(MakeBatch, TakesPairsFromAnywhere) {
  const Batch batch = make_batch({EncodedPair{{{{10, 11}}}, {}}});
  EXPECT_TRUE(torch::equal(batch.sources[0].ids, ids({{10, 11, 3}})));
  EXPECT_TRUE(torch::equal(batch.target_input, ids({{2}})));
  EXPECT_TRUE(torch::equal(batch.target_output, ids({{3}})));
  EXPECT_TRUE(batch.pairs.empty());
}

TEST(MakeBatch, PadsFactorsAsItPadsTheirTokens) {
  PairStore store(std::filesystem::temp_directory_path().string());
  store.add({{{{{10, 11}, {{5, 6}, {7, 8}}}}, {20}, 1}, {{{{12}, {{4}, {9}}}}, {21}, 2}});
  const Batch batch = make_batch(ParallelCorpus(std::move(store)), {0, 1});
  ASSERT_EQ(batch.sources[0].factors.size(), 2U);
  EXPECT_TRUE(torch::equal(batch.sources[0].factors[0], ids({{5, 6, 3}, {4, 3, 0}})));
  EXPECT_TRUE(torch::equal(batch.sources[0].factors[1], ids({{7, 8, 3}, {9, 3, 0}})));
}

TEST(MakeBatch, PadsEverySourceByItself) {
  PairStore store(std::filesystem::temp_directory_path().string());
  store.add({{{{{10, 11}}, {{5}, {{9}}}}, {20}, 1}, {{{{12}}, {{6, 7, 8}, {{4, 5, 6}}}}, {21}, 2}});
  const Batch batch = make_batch(ParallelCorpus(std::move(store)), {0, 1});
  ASSERT_EQ(batch.sources.size(), 2U);
  EXPECT_TRUE(torch::equal(batch.sources[1].ids, ids({{5, 3, 0, 0}, {6, 7, 8, 3}})));
  EXPECT_TRUE(torch::equal(batch.sources[1].factors.at(0), ids({{9, 3, 0, 0}, {4, 5, 6, 3}})));
  EXPECT_TRUE(
      torch::equal(batch.sources[1].mask, ids({{1, 1, 0, 0}, {1, 1, 1, 1}}).to(torch::kBool)));
  EXPECT_EQ(batch.source_tokens, 5);
  const auto columns = columns_of(batch.sources, 1);
  EXPECT_EQ(columns.begin, 3);
  EXPECT_EQ(columns.count, 4);
}

ItemSources vectors_of(std::vector<int64_t> lengths) {
  ItemOptions options;
  options.kind = SourceKind::kFeatures;
  return {
      std::make_shared<ItemSource>(std::make_unique<FakeFeatures>(std::move(lengths)), options)};
}

TEST(MakeBatch, FillsInTheVectorsOfItems) {
  // The second item, then the first, then the second again, as pictures of several captions are.
  const auto items = vectors_of({2, 1});
  const Batch batch =
      make_batch({{{{{1}, {}, 1}}, {20}}, {{{{0}, {}, 2}}, {21}}, {{{{1}, {}, 1}}, {22}}}, items);
  const auto& source = batch.sources.at(0);
  EXPECT_FALSE(source.ids.defined());
  const auto expected = torch::tensor(
      {{{10.F, 0.F}, {0.F, 0.F}}, {{0.F, 0.F}, {1.F, -1.F}}, {{10.F, 0.F}, {0.F, 0.F}}});
  EXPECT_TRUE(torch::equal(source.features, expected));
  EXPECT_TRUE(torch::equal(source.mask, ids({{1, 0}, {1, 1}, {1, 0}}).to(torch::kBool)))
      << "no end";
  EXPECT_EQ(batch.source_tokens, 4);
  EXPECT_EQ(source.rows, 0);
}

TEST(MakeBatch, HidesOtherVectorsOfEachSentence) {
  const auto items = vectors_of({50});
  const std::vector<SourceTokens> sentence{{{0}, {}, 50}};
  const SpecAugmentOptions masks{.time_masks = 1, .time_width = 20};
  const auto features = [&](std::vector<ItemDraw> draws) {
    return pad_sources({sentence, sentence}, items, draws).at(0).features;
  };
  const auto as_they_are = features({});
  const auto drawn = features({{masks, 1}, {masks, 2}});
  EXPECT_FALSE(torch::equal(drawn[0], as_they_are[0]));
  EXPECT_FALSE(torch::equal(drawn[0], drawn[1]));
  EXPECT_TRUE(torch::equal(features({{masks, 1}, {masks, 2}}), drawn)) << "the same once more";
}

TEST(MakeBatch, FillsInPictures) {
  ItemOptions options;
  options.kind = SourceKind::kImage;
  const ItemSources items{
      std::make_shared<ItemSource>(std::make_unique<FakePictures>(3, 16, 8), options)};
  const auto source = pad_sources({{{{2}, {}, 2}}, {{{0}, {}, 2}}}, items).at(0);
  EXPECT_EQ(source.pictures.sizes(), (std::vector<int64_t>{2, 1, 16, 8}));
  EXPECT_TRUE(source.pictures[0].eq(2).all().item<bool>());
  EXPECT_TRUE(source.pictures[1].eq(0).all().item<bool>());
  EXPECT_TRUE(source.mask.all().item<bool>());
  EXPECT_EQ(source.rows, 2);
  EXPECT_EQ(source.columns, 1);
}

TEST(MakeBatch, PadsGuidance) {
  auto corpus = corpus_of({{10, 11}, {12}}, {{20}, {21, 22}});
  EXPECT_FALSE(make_batch(corpus, {0, 1}).guidance.defined());
  GuidanceStore store(std::filesystem::temp_directory_path());
  store.add({{{{{0, 1}, {2, 3}}, {{0, 1}}, {{1, 0, 255}}}, {{{0, 1}, {2, 3}}, {{0, 1}}}}, {}});
  const auto before = corpus.fingerprint();
  EXPECT_THROW(corpus.guide(GuidanceStore(std::filesystem::temp_directory_path()), ""),
               std::invalid_argument);
  corpus.guide(std::move(store), "mark");
  EXPECT_EQ(corpus.fingerprint(), before + "-mark");
  const Batch batch = make_batch(corpus, {0});
  EXPECT_TRUE(
      torch::equal(batch.guidance, ids({{0, 1, 0}, {0, 0, 1}}).to(torch::kFloat).unsqueeze(0)));
  EXPECT_EQ(make_batch(corpus, {0, 0}).guidance.sizes(), (std::vector<int64_t>{2, 2, 3}));
}

TEST(MakeBatch, RefusesNoPairs) {
  EXPECT_THROW(make_batch(std::vector<EncodedPair>{}), std::invalid_argument);
  EXPECT_THROW(pad_sources({}), std::invalid_argument);
}

TEST(PadSources, AddsEndAndPads) {
  const Source batch = pad_sources({{{{10, 11}}}, {{{}}}}).at(0);
  EXPECT_TRUE(torch::equal(batch.ids, ids({{10, 11, 3}, {3, 0, 0}})));
  EXPECT_TRUE(torch::equal(batch.mask, ids({{1, 1, 1}, {1, 0, 0}}).to(torch::kBool)));
}

}  // namespace
}  // namespace weft
