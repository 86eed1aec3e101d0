#include "aligner/aligner_text.h"

#include <gmock/gmock.h>

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

AlignerText text_of(const std::string& source, const std::string& target,
                    AlignerCutting cutting = {}) {
  AlignerText text;
  text.add(source, target, cutting);
  return text;
}

TEST(AlignerText, CountsWordsAsAPersonDoes) {
  const auto text = text_of("The dog, sleeps.", "狗在睡觉。");
  EXPECT_EQ(text.words(0).source_words, 3u);
  EXPECT_THAT(text.source_words(0), ElementsAre(0, 1, 1, 2, 2));
  EXPECT_EQ(text.words(0).target_words, 4u);
  EXPECT_EQ(text.bitext().source.length(0), 5u);
}

TEST(AlignerText, TakesTokensAsTheyAre) {
  const auto text = text_of("dog. , l'x", "", {WordSplitting::kWhitespace, false});
  EXPECT_THAT(text.source_words(0), ElementsAre(0, 1, 2));
  EXPECT_EQ(text.words(0).target_words, 0u);
}

TEST(AlignerText, KeepsPairsApart) {
  auto text = text_of("a.", "x");
  text.add("b c.", "y.", {});
  EXPECT_EQ(text.pairs(), 2u);
  EXPECT_THAT(text.source_words(0), ElementsAre(0, 0));
  EXPECT_THAT(text.source_words(1), ElementsAre(0, 1, 1));
  EXPECT_THAT(text.target_words(1), ElementsAre(0, 0));
}

TEST(AlignerText, JoinsLinksOfTokensToLinksOfWords) {
  // a b , c | x - y z
  const auto text = text_of("a b, c", "x-y z");
  EXPECT_THAT(text.links_of_words(0, {{0, 0}, {1, 0}, {1, 2}, {2, 1}, {3, 3}}),
              ElementsAre(Link{0, 0}, Link{1, 0}, Link{2, 1}));
  EXPECT_THAT(text.links_of_words(0, {}), IsEmpty());
}

// The full stops of "dog." and "schläft." say nothing of these words; those that stand alone do.
TEST(AlignerText, LeavesOutLinksOfMarksAtTheEdgesOfWords) {
  const auto text = text_of("dog .", "schläft. .");
  EXPECT_THAT(text.links_of_words(0, {{1, 1}, {1, 2}}), ElementsAre(Link{1, 0}, Link{1, 1}));
  EXPECT_THAT(text_of("dog.", "schläft.").links_of_words(0, {{1, 1}}), IsEmpty());
  EXPECT_THAT(text_of("5%", "5 %").links_of_words(0, {{0, 0}, {1, 1}}),
              ElementsAre(Link{0, 0}, Link{0, 1}));
}

}  // namespace
}  // namespace weft
