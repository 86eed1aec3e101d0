#include "app/pair_lines.h"

#include <gmock/gmock.h>

#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/temporary_directory.h"

namespace weft {
namespace {

LinePair parts(const std::string& line) { return split_pair(line, {"corpus", 7}); }

TEST(SplitPair, TakesALineApart) {
  EXPECT_EQ(parts("a b ||| x y"), LinePair("a b", "x y"));
  EXPECT_EQ(parts("a|||b ||| x ||||"), LinePair("a|||b", "x ||||"));
  EXPECT_EQ(parts("  a  |||  x "), LinePair("  a ", " x "))
      << "one blank on each side is the bars'";
}

TEST(SplitPair, MayLeaveASideEmpty) {
  EXPECT_EQ(parts("||| x"), LinePair("", "x"));
  EXPECT_EQ(parts("a |||"), LinePair("a", ""));
  EXPECT_EQ(parts("|||"), LinePair("", ""));
  EXPECT_EQ(parts(" ||| "), LinePair("", ""));
}

TEST(SplitPair, NamesThePlaceOfWhatIsNoPair) {
  const auto error_of = [](const std::string& line) {
    try {
      parts(line);
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const std::string none = "corpus:7: no '|||' between blanks; expected 'source ||| target'";
  for (const std::string line : {"", " ", "a b", "a|||b", "a || b", "a |||x", "a\t|||\tb", "||||"})
    EXPECT_EQ(error_of(line), none) << line;
  const std::string twice =
      "corpus:7: more than one '|||' between blanks; expected 'source ||| target'";
  for (const std::string line : {"a ||| b ||| c", "a ||| ||| c", "||| |||", "a ||| b |||"})
    EXPECT_EQ(error_of(line), twice) << line;
}

/// By fields between blanks.
std::optional<LinePair> expected_parts(const std::string& line) {
  std::vector<std::string> sides{""};
  bool first = true;  // field of a side
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    const auto field = line.substr(begin, end - begin);
    begin = end + 1;
    if (field == "|||") {
      sides.emplace_back();
    } else {
      sides.back() += (first ? "" : " ") + field;
    }
    first = field == "|||";
  }
  if (sides.size() != 2) return std::nullopt;
  return LinePair(sides[0], sides[1]);
}

TEST(SplitPair, SplitsOrRefusesEveryLine) {
  const std::vector<std::string> letters{"a", " ", " ", "|", "|||", " ||| ", "\xFF", "\t", "é"};
  std::mt19937 random(1);
  int split = 0;
  for (int n = 0; n < 50'000; ++n) {
    std::string line;
    for (std::size_t size = random() % 8; size > 0; --size)
      line += letters[random() % letters.size()];
    const auto expected = expected_parts(line);
    if (expected) {
      EXPECT_EQ(parts(line), *expected) << line;
      ++split;
    } else {
      EXPECT_THROW(parts(line), UserError) << line;
    }
  }
  EXPECT_GT(split, 10'000);
}

TEST(PairLines, GivesThePairsBeforeAMistake) {
  const TemporaryDirectory directory;
  PairLines lines({"", "", directory.write("corpus", "a ||| x\n\nb ||| y\n")});
  EXPECT_THAT(lines.take(10), testing::ElementsAre(LinePair("a", "x")));
  EXPECT_THROW(lines.take(10), UserError);
  EXPECT_THROW(lines.take(10), UserError);
}

TEST(PairLines, AreOfTwoFilesOrOne) {
  const TemporaryDirectory directory;
  const auto corpus = directory.write("corpus", "a ||| x\nb |||\n");
  const auto source = directory.write("source", "a\nb\n"),
             target = directory.write("target", "x\n\n");
  for (const auto& files : {PairFiles{"", "", corpus}, PairFiles{source, target, ""}}) {
    PairLines lines(files);
    std::vector<LinePair> all;
    for (auto pairs = lines.take(1); !pairs.empty(); pairs = lines.take(1))
      all.insert(all.end(), pairs.begin(), pairs.end());
    EXPECT_THAT(all, testing::ElementsAre(LinePair("a", "x"), LinePair("b", "")));
  }
}

}  // namespace
}  // namespace weft
