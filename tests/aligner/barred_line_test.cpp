#include "app/barred_line.h"

#include <gmock/gmock.h>

#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace weft {
namespace {

using Sides = std::pair<std::string, std::string>;

Sides parts(const std::string& line) {
  const auto parts = split_at_bars(line, {"corpus", 7});
  return {std::string(parts.source), std::string(parts.target)};
}

TEST(SplitAtBars, TakesALineApart) {
  EXPECT_EQ(parts("a b ||| x y"), Sides("a b", "x y"));
  EXPECT_EQ(parts("a|||b ||| x ||||"), Sides("a|||b", "x ||||"));
  EXPECT_EQ(parts("  a  |||  x "), Sides("  a ", " x ")) << "one blank on each side is the bars'";
}

TEST(SplitAtBars, MayLeaveASideEmpty) {
  EXPECT_EQ(parts("||| x"), Sides("", "x"));
  EXPECT_EQ(parts("a |||"), Sides("a", ""));
  EXPECT_EQ(parts("|||"), Sides("", ""));
  EXPECT_EQ(parts(" ||| "), Sides("", ""));
}

TEST(SplitAtBars, NamesThePlaceOfWhatIsNoPair) {
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
std::optional<Sides> expected_parts(const std::string& line) {
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
  return Sides(sides[0], sides[1]);
}

TEST(SplitAtBars, SplitsOrRefusesEveryLine) {
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

}  // namespace
}  // namespace weft
