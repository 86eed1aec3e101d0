// Segmentations drawn at random, and tags before a line.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <thread>

#include "base/temporary_directory.h"
#include "text/sentencepiece_trainer.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using testing::ElementsAre;
using Pieces = std::vector<std::string>;

SentencePieceVocabulary learnt(SentencePieceModel model, std::vector<std::string> symbols = {}) {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 40; ++i) text += "low lower lowest new newer newest wide wider widest\n";
  SentencePieceTraining training;
  training.model = model;
  training.size = 60;
  training.byte_fallback = false;
  training.symbols = std::move(symbols);
  return {train_sentencepiece(training, {directory.write("text", text)}), "learnt"};
}

class SubwordSampling : public testing::TestWithParam<SentencePieceModel> {};

INSTANTIATE_TEST_SUITE_P(Models, SubwordSampling,
                         testing::Values(SentencePieceModel::kUnigram, SentencePieceModel::kBpe));

TEST_P(SubwordSampling, IsAFunctionOfItsSeedInEveryThread) {
  const auto vocabulary = learnt(GetParam());
  std::vector<EncodedLine> here, there;
  for (uint32_t seed = 0; seed < 50; ++seed)
    here.push_back(vocabulary.sample("lowest newer", {0.3, 0, seed}));
  std::thread([&] {
    for (uint32_t seed = 50; seed-- > 0;)
      there.push_back(vocabulary.sample("lowest newer", {0.3, 0, seed}));
  }).join();
  std::set<std::vector<int32_t>> distinct;
  for (std::size_t seed = 0; seed < 50; ++seed) {
    EXPECT_EQ(here[seed].ids, there[49 - seed].ids);
    distinct.insert(here[seed].ids);
  }
  EXPECT_GT(distinct.size(), 3U);
}

TEST_P(SubwordSampling, CoversTheSameText) {
  const auto vocabulary = learnt(GetParam());
  const std::string line = "widest  new";
  for (uint32_t seed = 0; seed < 30; ++seed) {
    const auto drawn = vocabulary.sample(line, {0.5, 0, seed});
    EXPECT_EQ(vocabulary.decode(drawn.ids).text, "widest new");
    std::string joined;
    std::size_t last = 0;
    for (const Span& span : drawn.spans) {
      EXPECT_GE(span.begin, last);
      joined += line.substr(span.begin, span.end - span.begin);
      last = span.end;
    }
    joined.erase(std::remove(joined.begin(), joined.end(), ' '), joined.end());
    EXPECT_EQ(joined, "widestnew");
  }
}

TEST_P(SubwordSampling, OfNoTemperatureIsTheBest) {
  const auto vocabulary = learnt(GetParam());
  EXPECT_EQ(vocabulary.sample("lower", {0, 0, 3}).ids, vocabulary.encode("lower").ids);
}

// Every merge is left out.
TEST(SubwordSampling, OfBpeWithCertainDropoutIsCharacters) {
  EXPECT_THAT(learnt(SentencePieceModel::kBpe).sample("lower", {1, 0, 1}).pieces,
              ElementsAre("▁", "l", "o", "w", "e", "r"));
}

// P(x)^alpha over the two best, by their frequencies: Kudo 2018, section 3.3.
TEST(SubwordSampling, DrawsFromTheBestInProportionToTheirProbabilities) {
  const auto vocabulary = learnt(SentencePieceModel::kUnigram);
  std::map<Pieces, int> flat, sharp;
  constexpr int kDraws = 2000;
  for (uint32_t seed = 0; seed < kDraws; ++seed) {
    ++flat[vocabulary.sample("lowest", {0.2, 2, seed}).pieces];
    ++sharp[vocabulary.sample("lowest", {0.4, 2, seed}).pieces];
  }
  ASSERT_EQ(flat.size(), 2U);
  ASSERT_EQ(sharp.size(), 2U);
  const auto best = vocabulary.encode("lowest").pieces;
  const auto odds = [&](const auto& counts) {
    const double p = counts.at(best) / double{kDraws};
    return std::log(p / (1 - p));
  };
  EXPECT_NEAR(odds(sharp), 2 * odds(flat), 0.35);  // log-odds are alpha times a constant
}

TEST(TaggedLine, IsTheLineBehindTheTag) {
  const auto vocabulary = learnt(SentencePieceModel::kUnigram, {"<BT>", "<2de>"});
  const auto plain = vocabulary.encode("lower new");
  const auto tagged = encode_tagged(vocabulary, "<2de>", "lower new");
  EXPECT_EQ(tagged.ids, vocabulary.encode("<2de> lower new").ids);
  const auto tags = tagged.ids.size() - plain.ids.size();
  EXPECT_EQ(tagged.pieces[tags - 1], "<2de>");
  for (std::size_t i = 0; i < tagged.ids.size(); ++i) {
    const Span expected = i < tags ? Span{0, 0} : plain.spans[i - tags];
    EXPECT_EQ(tagged.spans[i].begin, expected.begin);
    EXPECT_EQ(tagged.spans[i].end, expected.end);
  }
  EXPECT_TRUE(encode_tagged(vocabulary, "<2de>", " ").ids.empty()) << "a blank line stays blank";
  EXPECT_EQ(encode_tagged(vocabulary, "", "lower").ids, vocabulary.encode("lower").ids);
}

TEST(TaggedLine, OfWords) {
  const WordVocabulary words("<BT>\na\n", "words");
  EXPECT_THAT(encode_tagged(words, "<BT>", "a b").ids, ElementsAre(4, 5, kUnknownId));
  EXPECT_EQ(words.sample("a", {0.5, 0, 1}).ids, words.encode("a").ids);
}

}  // namespace
}  // namespace weft
