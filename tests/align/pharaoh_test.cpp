#include "align/pharaoh.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/temporary_directory.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const Location kPlace{"gold.talp", 7};

/// The message of the UserError that `action` throws.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ParsePharaoh, ReadsSureAndPossibleLinksInOrder) {
  EXPECT_THAT(parse_pharaoh("1-12 0-3 0p2", kPlace),
              ElementsAre(Link{0, 2, false}, Link{0, 3, true}, Link{1, 12, true}));
}

TEST(ParsePharaoh, TakesBlanksAndEmptyLinesAsTheyCome) {
  EXPECT_THAT(parse_pharaoh("  0-0\t1-1 \r", kPlace), ElementsAre(Link{0, 0}, Link{1, 1}));
  EXPECT_THAT(parse_pharaoh("", kPlace), IsEmpty());
  EXPECT_THAT(parse_pharaoh(" ", kPlace), IsEmpty());
}

TEST(ParsePharaoh, CountsFromOneWhereTheFileDoes) {
  EXPECT_THAT(parse_pharaoh("1-1 2p3", kPlace, FirstPosition::kOne),
              ElementsAre(Link{0, 0}, Link{1, 2, false}));
  EXPECT_EQ(error_of([] { parse_pharaoh("1-1 0-2", kPlace, FirstPosition::kOne); }),
            "gold.talp:7:5: link 0-2 has position 0; expected positions that count from 1");
}

TEST(ParsePharaoh, NamesPlaceAndTextOfWhatIsNoLink) {
  EXPECT_EQ(error_of([] { parse_pharaoh("0-0 2_3", kPlace); }),
            "gold.talp:7:5: '2_3' is not an alignment link; expected source-target, such as 0-1 "
            "(sure) or 0p1 (possible)");
}

TEST(ParsePharaoh, RefusesWhatOnlyLooksLikeALink) {
  for (const std::string text :
       {"1-", "-1", "-1-2", "1--2", "1-2-3", "1-2x", "a-b", "1", "1:2", "0-0:0.9", "99999999999-0",
        "0-99999999999", "１-２", "+1-2", "-0-1", "1--0", "2147483648-0"}) {
    EXPECT_THROW(parse_pharaoh(text, kPlace), UserError) << text;
  }
}

/// Whether every field of the line is a link, by a grammar.
bool is_links(const std::string& line) {
  static const std::regex kLinks("[ \\t\\r]*([0-9]{1,9}[-p][0-9]{1,9}([ \\t\\r]+|$))*");
  return std::regex_match(line, kLinks);
}

// Deterministic; the sanitizers have it too.
TEST(ParsePharaoh, ReadsOrRefusesEveryLineAndReadsBackWhatItRead) {
  const std::string_view letters = "00112379-----ppp  \t\r:x\xFF\xC3\0";
  std::mt19937 random(1);
  int read = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::vector<char> line;  // no byte behind it is the line's
    for (std::size_t size = random() % 12; size > 0; --size)
      line.push_back(letters[random() % letters.size()]);
    const std::string_view text(line.data(), line.size());
    try {
      const auto links = parse_pharaoh(text, kPlace);
      EXPECT_TRUE(is_links(std::string(text))) << text;
      EXPECT_EQ(parse_pharaoh(format_pharaoh(links), kPlace), links) << text;
      ++read;
    } catch (const UserError& error) {
      EXPECT_FALSE(is_links(std::string(text))) << text;
      EXPECT_THAT(error.what(), testing::StartsWith("gold.talp:7:"));
    }
  }
  EXPECT_GT(read, 1000);
  EXPECT_LT(read, 40'000);
}

/// A line of links with a byte or two changed, dropped or doubled.
std::string mutant(std::mt19937& random) {
  std::string line;
  for (std::size_t links = random() % 5; links > 0; --links) {
    line += std::to_string(random() % 12) + (random() % 3 == 0 ? 'p' : '-') +
            std::to_string(random() % 12) + ' ';
  }
  for (std::size_t changes = random() % 3; changes > 0 && !line.empty(); --changes) {
    const std::size_t place = random() % line.size();
    switch (random() % 3) {
      case 0:
        line[place] = static_cast<char>(random() % 256);
        break;
      case 1:
        line.erase(place, 1);
        break;
      default:
        line.insert(place, 1, line[place]);
    }
  }
  return line;
}

TEST(ParsePharaoh, TakesOfSpoiltLinesThoseThatAreLinks) {
  std::mt19937 random(2);
  int read = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto line = mutant(random);
    for (const auto first : {FirstPosition::kZero, FirstPosition::kOne}) {
      try {
        const auto links = parse_pharaoh(line, kPlace, first);
        EXPECT_TRUE(is_links(line)) << line;
        EXPECT_EQ(as_set(links), links);
        for (const auto& link : links) EXPECT_TRUE(link.source >= 0 && link.target >= 0) << line;
        ++read;
      } catch (const UserError& error) {
        const bool counts_from_one = first == FirstPosition::kOne;
        EXPECT_TRUE(!is_links(line) ||
                    (counts_from_one &&
                     std::string(error.what()).find(" has position 0") != std::string::npos))
            << line;
      }
    }
  }
  EXPECT_GT(read, 10'000);
}

TEST(CheckBounds, AcceptsWhatLiesWithinBothSentences) {
  EXPECT_NO_THROW(check_bounds({{0, 0}, {4, 2}}, {5, 3}, kPlace));
  EXPECT_NO_THROW(check_bounds({}, {0, 0}, kPlace));
}

TEST(CheckBounds, RefusesExactlyWhatPointsPastAnEnd) {
  std::mt19937 random(3);
  for (int i = 0; i < 5'000; ++i) {
    const auto position = [&] { return static_cast<int>(random() % 6); };
    const std::vector<Link> links{{position(), position()}, {position(), position(), false}};
    const PairLength length{random() % 7, random() % 7};
    bool inside = true;
    for (const auto& link : links)
      inside = inside && link.source < static_cast<int>(length.source_words) &&
               link.target < static_cast<int>(length.target_words);
    const auto error = error_of([&] { check_bounds(links, length, kPlace); });
    EXPECT_EQ(error == "no error", inside) << format_pharaoh(links) << ": " << error;
  }
}

TEST(CheckBounds, NamesTheLinkAndTheSide) {
  EXPECT_EQ(error_of([] {
              check_bounds({{0, 0}, {7, 2}}, {5, 3}, kPlace);
            }),
            "gold.talp:7: link 7-2 points past the source sentence; expected source positions "
            "below 5");
  EXPECT_EQ(error_of([] {
              check_bounds({{0, 3, false}}, {5, 3}, kPlace);
            }),
            "gold.talp:7: link 0p3 points past the target sentence; expected target positions "
            "below 3 (do these links count from 1?)");
}

TEST(FormatPharaoh, WritesSourceTargetSortedWithPossibleLinksMarked) {
  EXPECT_EQ(format_pharaoh({{2, 0}, {0, 1, false}, {0, 0}}), "0-0 0p1 2-0");
  EXPECT_EQ(format_pharaoh({}), "");
}

TEST(ReadPharaoh, ReadsEveryLineEmptyOnesIncluded) {
  const auto lines = read_pharaoh(std::string(WEFT_TEST_DATA) + "/align/gold.talp");
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(lines[0], ElementsAre(Link{0, 0}, Link{1, 2}, Link{2, 1, false}));
  EXPECT_THAT(lines[1], IsEmpty());
  EXPECT_THAT(lines[2], ElementsAre(Link{0, 0}, Link{0, 3, false}, Link{3, 1}));
}

TEST(ReadPharaoh, ReadsOrRefusesAnyBytes) {
  const TemporaryDirectory directory;
  std::mt19937 random(4);
  int read = 0;
  for (int i = 0; i < 500; ++i) {
    std::string bytes;
    for (std::size_t lines = random() % 4; lines > 0; --lines) bytes += mutant(random) + '\n';
    try {
      const auto lines = read_pharaoh(directory.write("links", bytes));
      EXPECT_EQ(lines.size(), static_cast<std::size_t>(std::ranges::count(bytes, '\n')));
      ++read;
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr("links")) << bytes;
      EXPECT_THAT(error.what(), Not(HasSubstr("\n"))) << bytes;
    }
  }
  EXPECT_GT(read, 100);
  EXPECT_LT(read, 450);
}

TEST(ReadPharaoh, NamesFileLineAndColumn) {
  const std::string path = std::string(WEFT_TEST_DATA) + "/align/broken.talp";
  EXPECT_THAT(error_of([&] { read_pharaoh(path); }), HasSubstr("broken.talp:2:5: '2_3'"));
  EXPECT_THAT(error_of([] { read_pharaoh("no/such/file.talp"); }), HasSubstr("no/such/file.talp"));
}

}  // namespace
}  // namespace weft
