#include "text/word_counts.h"

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "text/user_error.h"

namespace weft {
namespace {

TEST(WordCounts, ListFrequentWordsFirstAndTiesInCodePointOrder) {
  const TemporaryDirectory directory;
  const std::string first = directory.write("a", "b a ü\nb  z\n");
  const std::string second = directory.write("b", "猫 b z Z\n");
  // b 3, z 2, then once each: Z U+005A, a U+0061, ü U+00FC, 猫 U+732B
  EXPECT_EQ(list_frequent_words({first, second}, 100), "b\nz\nZ\na\nü\n猫\n");
}

TEST(WordCounts, KeepToTheSizeWithReservedTokensCountedIn) {
  const TemporaryDirectory directory;
  EXPECT_EQ(list_frequent_words({directory.write("a", "c c c b b a\n")}, 6), "c\nb\n");
}

TEST(WordCounts, LeaveOutWhatLooksReserved) {
  const TemporaryDirectory directory;
  EXPECT_EQ(list_frequent_words({directory.write("a", "<s> a </s> <unk> <pad>\n")}, 100), "a\n");
}

TEST(WordCounts, RefuseTextWithoutWords) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("a", " \n\n");
  EXPECT_EQ(user_error([&] { list_frequent_words({file}, 100); }),
            "no words to make a vocabulary of in " + file);
}

TEST(WordCounts, CountsWordsInTheirForm) {
  const TemporaryDirectory directory;
  const auto file = directory.write("a", "The dog the \uFF44og <S> Zoo\n");
  EXPECT_EQ(list_frequent_words({file}, 100, {"<BT>"}, WordNormalization::kNfkcLower),
            "<bt>\ndog\nthe\nzoo\n");
}

}  // namespace
}  // namespace weft
