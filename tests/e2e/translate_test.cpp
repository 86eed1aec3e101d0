// weft translate: a line out for a line in, whatever the line, the batch or the number of threads.

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Translates with the reversal model.
Outcome translate(std::vector<std::string> options, const std::string& input) {
  options.insert(options.begin(), {"translate", "-m", reversal_model()});
  return run_weft(options, input);
}

/// Runs that must succeed.
std::string translation(const std::vector<std::string>& options, const std::string& input) {
  const auto outcome = translate(options, input);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return outcome.out;
}

std::string text_to_translate() { return file_text(reversal_task().path("valid.src")); }

TEST(Translate, AnswersLineByLineInOrder) {
  const auto together = lines_of(translation({}, text_to_translate()));
  const auto sources = lines_of(text_to_translate());
  ASSERT_EQ(together.size(), sources.size());
  // Lines of other lengths around it move a line inside its batch, and must not move its answer.
  for (std::size_t i = 0; i < sources.size(); i += 7)
    EXPECT_EQ(together[i] + "\n", translation({}, sources[i] + "\n")) << "line " << i + 1;
}

TEST(Translate, AnswersBlankForBlank) {
  const auto lines = lines_of(translation({}, "\na b\n   \n\t\n\xe3\x80\x80\nc\n\n"));
  ASSERT_EQ(lines.size(), 7u);
  EXPECT_NE(lines[1], "");
  EXPECT_NE(lines[5], "");
  for (const std::size_t blank : {0, 2, 3, 4, 6}) EXPECT_EQ(lines[blank], "") << "line " << blank;
}

TEST(Translate, AnswersNothingForNothing) { EXPECT_EQ(translation({}, ""), ""); }

TEST(Translate, TakesAnyEndOfLine) {
  const auto expected = translation({}, "a b c\nd e\n");
  EXPECT_EQ(translation({}, "a b c\nd e"), expected) << "no newline at the end";
  EXPECT_EQ(translation({}, "a b c\r\nd e\r\n"), expected) << "CRLF";
  EXPECT_EQ(translation({},
                        "\xef\xbb\xbf"
                        "a b c\nd e\n"),
            expected)
      << "byte order mark";
}

TEST(Translate, ReadsAndWritesFiles) {
  const TemporaryDirectory directory;
  const auto input = directory.write("in", "a b c\nd e\n");
  const auto expected = translation({}, "a b c\nd e\n");
  EXPECT_EQ(translation({"-i", input}, ""), expected);
  EXPECT_EQ(translation({"-i", "-", "-o", "-"}, "a b c\nd e\n"), expected);
  EXPECT_EQ(translation({"-i", input, "-o", directory.path("out")}, ""), "");
  EXPECT_EQ(directory.read("out"), expected);
}

TEST(Translate, KeepsResultsAndMessagesApart) {
  const auto outcome = translate({}, "a\n\nb\n");
  EXPECT_EQ(lines_of(outcome.out).size(), 3u);
  EXPECT_THAT(outcome.err, HasSubstr("translated 3 lines (1 blank, 0 cut at the limit)"));
  EXPECT_EQ(translate({"--quiet"}, "a\n").err, "");
}

TEST(Translate, ReadsALongLineAsFarAsTheLimit) {
  const auto outcome = translate({"--max-source-length", "4"}, "a b\nc d e f g h\nb\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, translation({}, "a b\nc d e f\nb\n"));
  EXPECT_THAT(outcome.err, HasSubstr("warning: line 2 is longer than the limit"));
  EXPECT_THAT(outcome.err, HasSubstr("last 2 tokens"));
  EXPECT_THAT(outcome.err, HasSubstr("(0 blank, 1 cut at the limit)"));
}

TEST(Translate, LosesNoLineHoweverLong) {
  std::string line = "a";
  for (int i = 1; i < 700; ++i) line += " b";
  const auto outcome = translate({"-b", "1"}, "c\n" + line + "\nd\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(lines_of(outcome.out).size(), 3u);
  EXPECT_THAT(outcome.err, HasSubstr("line 2 is longer than the limit: its last 200 tokens"));
}

TEST(Translate, AlignsOnlyWhatItRead) {
  const auto outcome =
      translate({"--max-source-length", "3", "--alignment", "hard"}, "a b c d e f\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const auto cut = translation({"--alignment", "hard"}, "a b c\n");
  EXPECT_EQ(outcome.out, cut);
}

TEST(Translate, DoesNotDependOnTheBatch) {
  const auto text = text_to_translate();
  const auto expected = translation({"--batch-sentences", "64"}, text);
  EXPECT_EQ(translation({"--batch-sentences", "1"}, text), expected);
  EXPECT_EQ(translation({"--batch-sentences", "7"}, text), expected);
}

TEST(Translate, DoesNotDependOnThreads) {
  const auto text = text_to_translate();
  EXPECT_EQ(translation({"--threads", "1"}, text), translation({"--threads", "2"}, text));
}

TEST(Translate, HardlyDependsOnThePrecision) {
  const auto text = text_to_translate();
  const auto exact = lines_of(translation({}, text));
  for (const std::string precision : {"bfloat16", "int8"}) {
    const auto outcome = translate({"--precision", precision}, text);
    if (outcome.status == 2 && outcome.err.find("has no fast") != std::string::npos) continue;
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const auto rounded = lines_of(outcome.out);
    ASSERT_EQ(rounded.size(), exact.size());
    std::size_t same = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) same += exact[i] == rounded[i] ? 1 : 0;
    EXPECT_GT(same, exact.size() * 9 / 10) << precision;
  }
  const auto mistake = translate({"--precision", "int4"}, "a\n");
  EXPECT_EQ(mistake.status, 2);
  EXPECT_THAT(mistake.err, HasSubstr("int4"));
}

TEST(Translate, AModelEnsembledWithItselfIsTheModel) {
  const auto text = text_to_translate();
  const std::vector<std::string> n_best{"--n-best", "1"};
  const std::vector<std::string> twice{"--n-best", "1", "-m", reversal_model()};
  const auto one = lines_of(translation(n_best, text));
  const auto both = lines_of(translation(twice, text));
  ASSERT_EQ(both.size(), one.size());
  for (std::size_t i = 0; i < one.size(); ++i)
    EXPECT_EQ(both[i].substr(0, both[i].find(" ||| F0")), one[i].substr(0, one[i].find(" ||| F0")));
}

TEST(Translate, ABeamOfOneIsGreedy) {
  const auto text = text_to_translate();
  const auto greedy = lines_of(translation({"-b", "1", "-n", "0"}, text));
  // Greedy search maximises nothing that normalisation could change.
  EXPECT_EQ(lines_of(translation({"-b", "1", "-n", "2"}, text)), greedy);
}

TEST(Translate, SearchesAsTheCommandLineSays) {
  // A wider beam finds translations that are at least as probable.
  const auto probability = [](const std::string& line) {
    return std::stod(line.substr(line.find("F0= ") + 4));
  };
  const std::string unlikely = "a a a b a h a b c d e e e e\nh h h h h h h h h h\n";
  const auto narrow = lines_of(translation({"-b", "1", "-n", "0", "--n-best", "1"}, unlikely));
  const auto wide = lines_of(translation({"-b", "20", "-n", "0", "--n-best", "1"}, unlikely));
  ASSERT_EQ(narrow.size(), 2u);
  ASSERT_EQ(wide.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_GE(probability(wide[i]), probability(narrow[i]) - 1e-4) << wide[i];
}

TEST(Translate, DetokenisesPieces) {
  const auto outcome = run_weft({"translate", "-m", chinese_model()}, "The dog sees a cat.\n");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, Not(HasSubstr("\xe2\x96\x81")));  // ▁
  EXPECT_THAT(outcome.out, Not(HasSubstr(" ")));
  EXPECT_THAT(outcome.out, HasSubstr("狗"));
}

TEST(Translate, CanBeMovedAnywhere) {
  const TemporaryDirectory directory;
  const auto moved =
      run_shell("cp -r " + chinese_model() + " elsewhere && cd / && $WEFT translate -m " +
                    directory.path("elsewhere"),
                directory.path(""), "A bird likes this river.\n");
  EXPECT_EQ(moved.status, 0) << moved.err;
  EXPECT_EQ(moved.out,
            run_weft({"translate", "-m", chinese_model()}, "A bird likes this river.\n").out);
}

}  // namespace
}  // namespace weft::e2e
