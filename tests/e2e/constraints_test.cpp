// weft translate --constraints: phrases that translations must hold, or must not.

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

Outcome constrained(const std::string& model, const std::string& format, const std::string& input,
                    std::vector<std::string> more = {}) {
  std::vector<std::string> command{"translate", "-m", model, "--constraints", format};
  command.insert(command.end(), more.begin(), more.end());
  auto outcome = run_weft(command, input);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return outcome;
}

bool holds_words(const std::string& line, const std::string& words) {
  return (" " + line + " ").find(" " + words + " ") != std::string::npos;
}

TEST(Constraints, StandInEveryTranslation) {
  std::string input;
  const auto sources = lines_of(file_text(reversal_task().path("valid.src")));
  for (const auto& source : sources) input += source + "\tH C\tF\n";
  for (const std::string beam : {"1", "4", "9"}) {
    const auto lines =
        lines_of(constrained(reversal_model(), "tabs", input, {"-b", beam, "--n-best", "1"}).out);
    ASSERT_THAT(lines, SizeIs(sources.size()));
    for (const auto& line : lines) {
      EXPECT_TRUE(holds_words(fields_of(line).at(1), "H C")) << line;
      EXPECT_TRUE(holds_words(fields_of(line).at(1), "F")) << line;
    }
  }
}

TEST(Constraints, StandInTextWithoutSpaces) {
  std::string input;
  const auto sources = lines_of(file_text(chinese_task().path("valid.src")));
  for (const auto& source : sources) input += source + "\t猫\t这狗\n";
  const auto lines = lines_of(constrained(chinese_model(), "tabs", input).out);
  ASSERT_THAT(lines, SizeIs(sources.size()));
  for (const auto& line : lines) {
    EXPECT_THAT(line, HasSubstr("猫"));
    EXPECT_THAT(line, HasSubstr("这狗"));
  }
}

TEST(Constraints, ThatTheModelWouldMeetByItselfChangeNothing) {
  const std::string plain =
      run_weft({"translate", "-m", reversal_model(), "-b", "8"}, "a b c\n").out;
  EXPECT_EQ(plain, "C B A\n");
  EXPECT_EQ(constrained(reversal_model(), "tabs", "a b c\tB\n", {"-b", "8"}).out, plain);
}

TEST(Constraints, OfJsonAlsoAvoidPhrases) {
  const auto outcome = constrained(reversal_model(), "json",
                                   R"({"text": "a b c", "avoid": ["B"]})"
                                   "\n"
                                   R"({"text": "a b c", "constraints": ["A B"], "avoid": ["C"]})"
                                   "\n"
                                   R"({"text": "a b c"})"
                                   "\n");
  const auto lines = lines_of(outcome.out);
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_FALSE(holds_words(lines[0], "B"));
  EXPECT_TRUE(holds_words(lines[1], "A B"));
  EXPECT_FALSE(holds_words(lines[1], "C"));
  EXPECT_EQ(lines[2], "C B A");
}

TEST(Constraints, ThatCannotBeHeededAreToldAndEveryLineComesOut) {
  const auto outcome = constrained(reversal_model(), "json",
                                   R"({"text": "a b", "constraints": ["A"]})"
                                   "\n"
                                   R"({"text": "a b", "constraints": ["Q"]})"
                                   "\n"
                                   R"({"text": "a b", "constraints": ["A B"], "avoid": ["B"]})"
                                   "\n"
                                   R"({"text": "", "constraints": ["A"]})"
                                   "\n"
                                   R"({"text": "a b", "constraints": ["C"]})"
                                   "\n",
                                   {"--max-length", "9"});
  const auto lines = lines_of(outcome.out);
  ASSERT_THAT(lines, SizeIs(5));
  EXPECT_EQ(lines[1], "B A");
  EXPECT_EQ(lines[2], "B A");
  EXPECT_TRUE(holds_words(lines[4], "C"));
  EXPECT_THAT(outcome.err, HasSubstr("line 2: the phrase 'Q' cannot be written"));
  EXPECT_THAT(outcome.err, HasSubstr("line 3: the phrase 'A B' is required, but 'B' is to be"));
  EXPECT_THAT(outcome.err, HasSubstr("line 4: the line is blank"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("line 5")));
  EXPECT_THAT(outcome.err, HasSubstr("3 lines were translated without their constraints"));
}

TEST(Constraints, ThatLeaveNothingAreToldAndEveryLineComesOut) {
  const std::string avoid =
      R"({"text": "%", "avoid": ["A", "B", "C", "D", "E", "F", "G", "H", "<unk>"]})";
  const auto with = [&](const std::string& text) {
    return avoid.substr(0, avoid.find('%')) + text + avoid.substr(avoid.find('%') + 1) + '\n';
  };
  const std::string input = "{\"text\": \"a b c\"}\n" + with("a b c") + "{\"text\": \"b a\"}\n";
  const std::vector<std::string> least{"--min-length", "1"};
  const auto outcome = constrained(reversal_model(), "json", input, least);
  EXPECT_EQ(outcome.out, "C B A\n\nA B\n");
  EXPECT_THAT(outcome.err, HasSubstr("line 2: the lengths, words and phrases asked for leave no "
                                     "translation; it is left blank"));
  EXPECT_THAT(outcome.err, HasSubstr("1 lines were left blank"));
  const std::vector<std::vector<std::string>> others{
      {"--n-best", "3"}, {"--alignment", "json"}, {"--alignment", "hard"},  {"--tags", "xml"},
      {"--mbr", "chrf"}, {"--replace-unknown"},   {"--diverse-groups", "2"}};
  for (const auto& more : others) {
    auto options = least;
    options.insert(options.end(), more.begin(), more.end());
    EXPECT_THAT(constrained(reversal_model(), "json", input, options).err, HasSubstr("line 2: "))
        << more.front();
  }
  const auto split = constrained(reversal_model(), "json", with("a b c? D e f!"),
                                 {"--min-length", "1", "--split", "sentences"});
  EXPECT_EQ(split.out, "\n");
  EXPECT_THAT(split.err, HasSubstr("line 1: the lengths"));
}

TEST(Constraints, MoreThanTheLimitHoldsAreTold) {
  const auto outcome =
      constrained(reversal_model(), "tabs", "a\tA B C D E\n", {"--max-length", "5"});
  EXPECT_THAT(outcome.err, HasSubstr("line 1: the phrases and the end of the translation have 6 "
                                     "tokens; expected at most the length limit"));
}

TEST(Constraints, InAFormThatIsNoneEndTheRunWhereTheyStand) {
  const auto outcome = run_weft({"translate", "-m", reversal_model(), "--constraints", "json"},
                                "{\"text\": \"a b\"}\na b\n");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.out, "B A\n");
  EXPECT_THAT(outcome.err, HasSubstr("<stdin>:2: the line is no JSON object with a text"));
}

}  // namespace
}  // namespace weft::e2e
