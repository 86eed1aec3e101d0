#include "metrics/ngrams.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(CountWordNgrams, CountsEveryOrder) {
  const std::vector<NgramCounts> counts = count_word_ngrams("a b a b", 3);
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_THAT(counts[0], UnorderedElementsAre(Pair("a", 2), Pair("b", 2)));
  EXPECT_THAT(counts[1], UnorderedElementsAre(Pair("a b", 2), Pair("b a", 1)));
  EXPECT_THAT(counts[2], UnorderedElementsAre(Pair("a b a", 1), Pair("b a b", 1)));
}

TEST(CountWordNgrams, HasNoneOfAnOrderAboveTheLength) {
  EXPECT_THAT(count_word_ngrams("a", 2)[1], IsEmpty());
  EXPECT_THAT(count_word_ngrams("", 2)[0], IsEmpty());
}

TEST(CountCharacterNgrams, CountsCodePoints) {
  const std::vector<NgramCounts> counts = count_character_ngrams("é我é", 2);
  EXPECT_THAT(counts[0], UnorderedElementsAre(Pair("é", 2), Pair("我", 1)));
  EXPECT_THAT(counts[1], UnorderedElementsAre(Pair("é我", 1), Pair("我é", 1)));
}

TEST(MatchedCount, ClipsAtTheReference) {
  const NgramCounts hypothesis = {{"the", 7}, {"cat", 1}, {"dog", 1}};
  const NgramCounts reference = {{"the", 2}, {"cat", 3}};
  EXPECT_EQ(matched_count(hypothesis, reference), 3);
  EXPECT_EQ(total_count(hypothesis), 9);
}

}  // namespace
}  // namespace weft
