// weft translate --prefix: translations whose beginnings are given.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/temporary_directory.h"
#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kPrefixSources = "a b c d\nh g f e d c\nb a\n\nc c\n";
constexpr const char* kPrefixes =
    "D C\nA A\n\nX\nC\n";  // right, wrong, none, for a blank line, right

class PrefixTest : public testing::Test {
 protected:
  PrefixTest() { write_text(path("prefixes"), kPrefixes); }

  std::string path(const std::string& name) const { return directory_.path(name); }

  std::vector<std::string> translate(std::vector<std::string> options) {
    options.insert(options.begin(), {"translate", "-m", reversal_model()});
    const auto outcome = run_weft(options, kPrefixSources);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return lines_of(outcome.out);
  }
  std::vector<std::string> with_prefixes(std::vector<std::string> options) {
    options.insert(options.end(), {"--prefix", path("prefixes")});
    return translate(options);
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(PrefixTest, BeginsTranslations) {
  for (const char* beam : {"1", "4"}) {
    const auto free = translate({"-b", beam});
    const auto found = with_prefixes({"-b", beam});
    ASSERT_EQ(found.size(), 5u);
    EXPECT_EQ(found[0], free[0]) << "what it would have begun with anyway";
    EXPECT_THAT(found[1] + ' ', StartsWith("A A "));
    EXPECT_EQ(found[2], free[2]) << "a blank prefix is none, whatever the neighbours have";
    EXPECT_EQ(found[3], "") << "a blank line is blank";
    EXPECT_EQ(found[4], free[4]);
    EXPECT_EQ(with_prefixes({"-b", beam, "--batch-sentences", "1"}), found);
    EXPECT_EQ(with_prefixes({"-b", beam, "-m", reversal_model()}), found) << "an ensemble";
  }
}

TEST_F(PrefixTest, BeginsEveryTranslationOfAnNBestListAndHasAlignments) {
  const auto lines = with_prefixes({"-b", "4", "--n-best", "4", "--alignment", "soft"});
  ASSERT_EQ(lines.size(), 4u * 4 + 1);
  for (const auto& line : lines) {
    const auto fields = fields_of(line);
    ASSERT_EQ(fields.size(), 5u) << line;
    if (fields[0] == "1") {
      EXPECT_THAT(fields[1] + ' ', StartsWith("A A ")) << line;
    }
    if (fields[0] == "3") continue;
    EXPECT_EQ(rows_of(fields[2]).size(), split(fields[1], ' ').size()) << line;
    for (const auto& row : rows_of(fields[2])) EXPECT_NEAR(sum(row), 1, 1e-3);
  }
}

TEST_F(PrefixTest, CostsWhatTheModelSays) {
  write_text(path("source"), kPrefixSources);
  const auto lines = with_prefixes({"-b", "1", "--alignment", "json"});
  for (const auto& line : lines) {
    const auto made = nlohmann::json::parse(line);
    const auto target = made.at("target").at("text").get<std::string>();
    if (target.empty()) continue;
    write_text(path("one"), made.at("source").at("text").get<std::string>() + '\n');
    write_text(path("its"), target + '\n');
    const auto aligned = run_weft({"align", "-m", reversal_model(), "-s", path("one"), "-t",
                                   path("its"), "--format", "json"});
    ASSERT_EQ(aligned.status, 0) << aligned.err;
    EXPECT_NEAR(nlohmann::json::parse(aligned.out).at("score").get<double>(),
                made.at("score").get<double>(), 1e-3)
        << line;
  }
}

TEST_F(PrefixTest, IsTextOfAnyVocabulary) {
  write_text(path("chinese"), "一猫\n\n那\n");
  const std::string input = "The dog sees a cat.\nThe old farmer likes this river.\nA bird.\n";
  const auto free = run_weft({"translate", "-m", chinese_model()}, input);
  const auto found =
      run_weft({"translate", "-m", chinese_model(), "--prefix", path("chinese")}, input);
  ASSERT_EQ(found.status, 0) << found.err;
  const auto lines = lines_of(found.out);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], StartsWith("一猫"));
  EXPECT_EQ(lines[1], lines_of(free.out)[1]);
  EXPECT_THAT(lines[2], StartsWith("那"));
}

TEST_F(PrefixTest, AnswersAsPrefixesCome) {
  write_text(path("source"), "a b\nc d\ne f\n");
  RunningProgram program(
      weft_command({"translate", "-m", reversal_model(), "-i", path("source"), "--prefix", "-"}));
  for (const char* prefix : {"A", "", "F E"}) {
    program.write(std::string(prefix) + '\n');
    EXPECT_THAT(program.read_lines(1), StartsWith(prefix));
  }
  EXPECT_EQ(program.wait().status, 0);
}

TEST_F(PrefixTest, GoesWithEveryLine) {
  write_text(path("two"), "A\nB\n");
  const auto fewer =
      run_weft({"translate", "-m", reversal_model(), "--prefix", path("two")}, kPrefixSources);
  EXPECT_EQ(fewer.status, 2);
  EXPECT_EQ(lines_of(fewer.out).size(), 2u);
  EXPECT_THAT(fewer.err, HasSubstr(path("two") + " has 2 lines, but <stdin> has more"));
  const auto more = run_weft({"translate", "-m", reversal_model(), "--prefix", path("two")}, "a\n");
  EXPECT_EQ(more.status, 2);
  EXPECT_THAT(more.err, HasSubstr("<stdin> has 1 line, but "));
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "--prefix", "-"}, kPrefixSources).status, 2);
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "--prefix", path("none")}, "a\n").status,
            2);
}

}  // namespace
}  // namespace weft::e2e
