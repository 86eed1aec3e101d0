#include "text/text_column.h"

#include <gmock/gmock.h>

#include <vector>

#include "base/temporary_directory.h"
#include "text/user_error.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TextColumnTest : public testing::Test {
 protected:
  /// The field of every line.
  std::vector<std::string> fields(const std::string& text, TextFormat format, std::size_t field,
                                  const std::string& key = "") {
    ColumnReader reader({directory_.write("pairs", text), format, field, key});
    std::vector<std::string> read;
    for (std::string line; reader.next(line);) read.push_back(line);
    return read;
  }
  std::string mistake(const std::string& text, TextFormat format, const std::string& key = "") {
    return user_error([&] { fields(text, format, 0, key); });
  }

  TemporaryDirectory directory_;
};

TEST_F(TextColumnTest, OfALineOfTabs) {
  const std::string text = "a b\tA B\n c \t\n\tC\n";
  EXPECT_THAT(fields(text, TextFormat::kTsv, 0), ElementsAre("a b", " c ", ""));
  EXPECT_THAT(fields(text, TextFormat::kTsv, 1), ElementsAre("A B", "", "C"));
}

TEST_F(TextColumnTest, OfALineOfBars) {
  const std::string text = "a b ||| A B\nc|||C | D\n";
  EXPECT_THAT(fields(text, TextFormat::kBars, 0), ElementsAre("a b", "c"));
  EXPECT_THAT(fields(text, TextFormat::kBars, 1), ElementsAre("A B", "C | D"));
}

TEST_F(TextColumnTest, OfALineOfJson) {
  const std::string text =
      "{\"en\": \"a \\u00e9\", \"de\": \"A\\tB\", \"score\": 1}\n{\"de\": \"C\", \"en\": \"c\"}\n";
  EXPECT_THAT(fields(text, TextFormat::kJson, 0, "en"), ElementsAre("a é", "c"));
  EXPECT_THAT(fields(text, TextFormat::kJson, 1, "de"), ElementsAre("A\tB", "C"));
  EXPECT_THAT(
      fields("{\"translation\": {\"en\": \"x\"}}\n", TextFormat::kJson, 0, "/translation/en"),
      ElementsAre("x"));
}

TEST_F(TextColumnTest, OfAListInMosesForm) {
  const auto source = directory_.write("source", "a\nb\nc\n");
  const auto sources_of = [&](const std::string& list) {
    ColumnReader reader({source, TextFormat::kNBest, 0, directory_.write("list", list)});
    std::vector<std::string> read;
    for (std::string line; reader.next(line);) read.push_back(line);
    return read;
  };
  const std::string list =
      "0 ||| A ||| F0= 1 ||| 1\n0 ||| A&#124;&#124;&#124; ||| F0= 1 ||| 1\n2 ||| C ||| F0= 1 ||| "
      "1\n";
  EXPECT_THAT(sources_of(list), ElementsAre("a", "a", "c"));
  EXPECT_THAT(fields(list, TextFormat::kNBest, 1), ElementsAre("A", "A|||", "C"));
  EXPECT_THAT(user_error([&] { sources_of("3 ||| A ||| F0= 1 ||| 1\n"); }),
              HasSubstr("list:1: the id is 3; expected that of one of the 3 lines of "));
  EXPECT_THAT(user_error([&] { sources_of("1 ||| A ||| F0= 1 ||| 1\n0 ||| A ||| F0= 1 ||| 1\n"); }),
              HasSubstr("list:2: the id is 0, after a greater one"));
  EXPECT_THAT(user_error([&] { sources_of("A\n"); }), HasSubstr("list:1: 'A' found; expected"));
}

TEST_F(TextColumnTest, TellsTheLineThatHasNotTwoFields) {
  const std::string place = directory_.path("pairs") + ":2: ";
  EXPECT_EQ(mistake("a\tA\nb\n", TextFormat::kTsv),
            place + "has 1 field; expected two: source<TAB>target");
  EXPECT_EQ(mistake("a\tA\nb\tB\tB\n", TextFormat::kTsv),
            place + "has 3 fields; expected two: source<TAB>target");
  EXPECT_EQ(mistake("a ||| A\n\n", TextFormat::kBars),
            place + "has 1 field; expected two: source ||| target");
  EXPECT_THAT(mistake("{\"s\": \"\"}\n{\"s\": \n", TextFormat::kJson, "s"),
              HasSubstr(place + "is not a JSON object"));
  EXPECT_THAT(mistake("{\"s\": \"\"}\n[]\n", TextFormat::kJson, "s"),
              HasSubstr(place + "is not a JSON object"));
  EXPECT_THAT(mistake("{\"s\": \"\"}\n{\"s\": 3}\n", TextFormat::kJson, "s"),
              HasSubstr(place + "has no text 's'"));
  EXPECT_THAT(mistake("{\"/\": 1}\n", TextFormat::kJson, "/~2"),
              HasSubstr(":1: has no text '/~2'"));
  EXPECT_THAT(mistake("{\"s\": \"\"}\n{\"s\": \"a\\nb\"}\n", TextFormat::kJson, "s"),
              HasSubstr(place + "'s' has a line break"));
}

}  // namespace
}  // namespace weft
