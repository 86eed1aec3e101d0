// weft translate --suppress: words that no translation has.

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;

class SuppressTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return directory_.path(name); }

  /// The n-best lists of a model's validation text without the words, a text each.
  std::vector<std::string> translations(const std::string& model, const std::string& source,
                                        const std::string& words) {
    std::vector<std::string> command{"translate", "-m", model,      "-i", source,
                                     "-b",        "4",  "--n-best", "4"};
    if (!words.empty()) {
      write_text(path("words"), words);
      command.insert(command.end(), {"--suppress", path("words")});
    }
    const auto outcome = run_weft(command);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    std::vector<std::string> texts;
    for (const auto& line : lines_of(outcome.out)) texts.push_back(fields_of(line).at(1));
    return texts;
  }

 private:
  TemporaryDirectory directory_;
};

std::size_t count_of(const std::vector<std::string>& texts, const std::string& part) {
  std::size_t count = 0;
  for (const auto& text : texts)
    count += (' ' + text + ' ').find(part) != std::string::npos ? 1 : 0;
  return count;
}

TEST_F(SuppressTest, LeavesWordsOut) {
  const auto source = reversal_task().path("valid.src");
  const auto free = translations(reversal_model(), source, "");
  const auto found = translations(reversal_model(), source, "A\n\n  C D  \n");
  EXPECT_GT(count_of(free, " A "), 0u);
  EXPECT_GT(count_of(free, " C D "), 0u);
  EXPECT_EQ(count_of(found, " A "), 0u);
  EXPECT_EQ(count_of(found, " C D "), 0u);
  EXPECT_GT(count_of(found, " C "), 0u);
  EXPECT_GT(count_of(found, " D "), 0u);
}

TEST_F(SuppressTest, LeavesWordsOutOfTextWithoutSpaces) {
  const auto source = chinese_task().path("valid.src");
  const auto free = translations(chinese_model(), source, "");
  const auto found = translations(chinese_model(), source, "老师\n喜欢\n");
  for (const char* word : {"老师", "喜欢"}) {
    EXPECT_GT(count_of(free, word), 0u) << word;
    EXPECT_EQ(count_of(found, word), 0u) << word;
  }
  EXPECT_GT(count_of(found, "老"), 0u) << "a piece of it is free";
}

TEST_F(SuppressTest, GoesWithPrefixesThatDoNotHoldTheWords) {
  write_text(path("words"), "A\n");
  write_text(path("prefixes"), "B\nC A\n");
  const auto outcome = run_weft({"translate", "-m", reversal_model(), "--suppress", path("words"),
                                 "--prefix", path("prefixes")},
                                "a b\na c\n");
  EXPECT_EQ(outcome.status, 2);
  ASSERT_EQ(lines_of(outcome.out).size(), 1u);
  EXPECT_THAT(outcome.out, testing::StartsWith("B"));
  EXPECT_THAT(outcome.err, HasSubstr(path("prefixes") + ":2: the prefix 'C A' holds a suppressed "
                                                        "word; expected a beginning without one"));
}

TEST_F(SuppressTest, OfAllWordsLeavesEachLineBlankAndTellsIt) {
  write_text(path("words"), "A\nB\nC\nD\nE\nF\nG\nH\n<unk>\n");
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--sampling", "ancestral"}, {"--sampling", "gumbel"}}) {
    std::vector<std::string> command{
        "translate", "-m", reversal_model(), "--suppress", path("words"), "--min-length", "1"};
    command.insert(command.end(), more.begin(), more.end());
    const auto outcome = run_weft(command, "a b\n\nc\n");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.out, "\n\n\n");
    for (const char* told : {"line 1: the lengths, words and phrases", "line 3: the lengths",
                             "2 lines were left blank"})
      EXPECT_THAT(outcome.err, HasSubstr(told));
  }
}

TEST_F(SuppressTest, NeedsWords) {
  write_text(path("words"), "\n \n");
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "--suppress", path("words")}, "a\n"),
            refusal({path("words") + ": has no words; expected one a line"}));
  EXPECT_EQ(
      run_weft({"translate", "-m", reversal_model(), "--suppress", path("none")}, "a\n").status, 2);
}

}  // namespace
}  // namespace weft::e2e
