#include "init/corpus_statistics.h"

#include <gtest/gtest.h>

#include "base/temporary_directory.h"

namespace weft {
namespace {

CorpusStatistics measure(const std::string& source, const std::string& target,
                         const std::vector<bool>& excluded = {}) {
  const TemporaryDirectory directory;
  const ParallelFiles files{{{directory.write("x", source)}}, {directory.write("y", target)}};
  return measure_corpus(files, hash_sentences(files), excluded);
}

/// The profile of one line over and over.
ScriptProfile profile_of(const std::string& line) {
  const auto statistics = measure(line + "\n" + line + "\n", "a\nb\n");
  return script_profile(statistics.source, statistics.pairs);
}

TEST(CorpusStatistics, CountsPairsWordsAndTypes) {
  const auto statistics = measure("a b a\n\n \nc\n", "A\n\nB\n\n");
  EXPECT_EQ(statistics.pairs, 1);
  EXPECT_EQ(statistics.both_blank, 1);
  EXPECT_EQ(statistics.one_sided_blank, 2);
  EXPECT_EQ(statistics.first_one_sided_blank.line, 3);
  EXPECT_TRUE(statistics.first_one_sided_blank.file.ends_with("/x"));
  EXPECT_EQ(statistics.source.words, 3);
  EXPECT_EQ(statistics.source.types, 2);
  EXPECT_EQ(statistics.source.repeated_types, 1);
  EXPECT_EQ(statistics.source.characters.at('a'), 2);
  EXPECT_EQ(statistics.target.words, 1) << "a blank source takes its target out";
}

TEST(CorpusStatistics, CountsDuplicatesAndCopies) {
  const auto statistics = measure("a b\na  b \na b\nc\n", "A B\nA B\nA C\nc\n");
  EXPECT_EQ(statistics.duplicates, 1) << "blanks make no difference, another target does";
  EXPECT_EQ(statistics.copies, 1);
}

TEST(CorpusStatistics, LeavesExcludedLinesOut) {
  const auto statistics = measure("a\nb c\n", "A\nB\n", {false, true});
  EXPECT_EQ(statistics.pairs, 1);
  EXPECT_EQ(statistics.source.words, 1);
}

TEST(CorpusStatistics, KnowsHowLongPairsAre) {
  const auto statistics = measure("a\na b\na b c\na b c d\n", "A\nA\nA\nA B C D E\n");
  EXPECT_EQ(statistics.length_of(0.25), 1);
  EXPECT_EQ(statistics.length_of(0.75), 3);
  EXPECT_EQ(statistics.length_of(1), 5);
  EXPECT_EQ(statistics.longer_than(2), 2);
  EXPECT_EQ(statistics.longer_than(5), 0);
  EXPECT_EQ(statistics.longer_than(5000), 0);
}

TEST(CorpusStatistics, CountsOverlongPairsTogether) {
  std::string line;
  for (int i = 0; i < 3000; ++i) line += "w ";
  const auto statistics = measure(line + "\n", "A\n");
  EXPECT_EQ(statistics.longer_than(1999), 1);
  EXPECT_EQ(statistics.length_of(1), CorpusStatistics::kLongestCounted);
}

TEST(ScriptProfile, TellsScriptsWithoutSpaces) {
  EXPECT_FALSE(profile_of("Ein Hund läuft .").is_unspaced());
  EXPECT_FALSE(profile_of("나는 학교에 갑니다.").is_unspaced()) << "Korean has spaces";
  const auto chinese = profile_of("我喜欢你的Python程序，你呢？");
  EXPECT_TRUE(chinese.is_unspaced());
  EXPECT_FALSE(chinese.segmented);
  EXPECT_EQ(chinese.kana, 0);
  EXPECT_GT(chinese.chinese, 0.5);
  EXPECT_EQ(chinese.wide_marks, 2);
  const auto japanese = profile_of("私は学校に行きます。");
  EXPECT_TRUE(japanese.is_unspaced());
  EXPECT_GT(japanese.kana, 0.3);
  EXPECT_TRUE(profile_of("ฉันไปโรงเรียน").is_unspaced());
}

TEST(ScriptProfile, TellsTextThatIsSegmented) {
  const auto profile = profile_of("我 喜欢 你 的 程序 ， 你 呢 ？");
  EXPECT_TRUE(profile.is_unspaced());
  EXPECT_TRUE(profile.segmented);
}

TEST(SharedLetters, ComparesHowOftenLettersOccur) {
  const auto same = measure("ab a\n", "aab\n");
  EXPECT_DOUBLE_EQ(shared_letters(same.source, same.target), 1);
  const auto half = measure("aabb\n", "aacc\n");
  EXPECT_DOUBLE_EQ(shared_letters(half.source, half.target), 0.5);
  const auto none = measure("Hallo 7.\n", "你好 7.\n");
  EXPECT_DOUBLE_EQ(shared_letters(none.source, none.target), 0) << "digits and marks do not count";
}

TEST(CharactersCovering, TakesTheMostFrequentFirst) {
  const auto statistics = measure("aaaa bbb cc d\n", "A\n");
  EXPECT_EQ(characters_covering(statistics.source, 0.4), 1);
  EXPECT_EQ(characters_covering(statistics.source, 0.7), 2);
  EXPECT_EQ(characters_covering(statistics.source, 1), 4);
}

}  // namespace
}  // namespace weft
