#include "search/source_lines.h"

#include <gmock/gmock.h>

#include <memory>

#include "text/word_vocabulary.h"

namespace weft {
namespace {

using ::testing::ElementsAre;

DecodingOptions batches_of(int64_t sentences, int64_t tokens) {
  DecodingOptions options;
  options.batch_sentences = sentences;
  options.batch_tokens = tokens;
  return options;
}

TEST(BatchesByLength, HaveTheLongestFirstAndEqualOnesInTheirOrder) {
  EXPECT_THAT(batches_by_length({2, 5, 3, 5, 2}, batches_of(10, 1000)),
              ElementsAre(ElementsAre(1, 3, 2, 0, 4)));
  EXPECT_TRUE(batches_by_length({}, batches_of(10, 1000)).empty());
}

TEST(BatchesByLength, HoldNoMoreThanTheyMay) {
  EXPECT_THAT(batches_by_length({2, 2, 2, 2, 2}, batches_of(2, 1000)),
              ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3), ElementsAre(4)));
  // Rows times the longest of the batch: 2 x 5, 3 x 3; the next one would be 4 x 3.
  EXPECT_THAT(batches_by_length({5, 5, 3, 3, 3, 1}, batches_of(64, 11)),
              ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3, 4), ElementsAre(5)));
  EXPECT_THAT(batches_by_length({30, 20, 1}, batches_of(64, 10)),
              ElementsAre(ElementsAre(0), ElementsAre(1), ElementsAre(2)))
      << "a longer line goes alone";
}

TEST(SourceLine, IsCutInEverySource) {
  const auto words = std::make_shared<WordVocabulary>("a\nb\nc\n", "words");
  const Vocabularies vocabularies{{{words}, {words}}, words};
  auto line = encode_source_line(vocabularies, {"a b", "c b a c"});
  EXPECT_EQ(line.length(), 5);
  EXPECT_THAT(line.tokens()[0].ids, ElementsAre(4, 5));
  EXPECT_EQ(cut(line, 3), 1);
  EXPECT_EQ(line.length(), 4);
  EXPECT_THAT(line.tokens()[1].ids, ElementsAre(6, 5, 4));
  EXPECT_EQ(cut(line, 1), 3);
  EXPECT_THAT(line.tokens()[0].ids, ElementsAre(4));
  EXPECT_THAT(line.tokens()[1].ids, ElementsAre(6));
  EXPECT_FALSE(line.is_blank());
  EXPECT_TRUE(encode_source_line(vocabularies, {" ", "c"}).is_blank());
}

}  // namespace
}  // namespace weft
