// What comes with the text to be translated or scored, and what is chosen among translations.

#include <gmock/gmock.h>

#include <cmath>

#include "app/constraint_input.h"
#include "app/minimum_bayes_risk.h"
#include "app/n_best_line.h"
#include "base/error.h"
#include "metrics/chrf.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(TakeConstraints, ReadsTabs) {
  std::vector<std::string> lines{"a b\tx  y\tz", "c", "\tq"};
  const auto constrained = take_constraints(ConstraintFormat::kTabs, lines);
  EXPECT_THAT(lines, ElementsAre("a b", "c", ""));
  ASSERT_EQ(constrained.lines.size(), 3);
  EXPECT_THAT(constrained.lines[0].required, ElementsAre("x y", "z"));
  EXPECT_TRUE(constrained.lines[1].empty());
  EXPECT_THAT(constrained.lines[2].required, ElementsAre("q"));
  EXPECT_FALSE(constrained.mistake);
}

TEST(TakeConstraints, ReadsJson) {
  std::vector<std::string> lines{R"({"text": "ä \u732b", "constraints": ["x"], "avoid": [" y "]})"};
  const auto constrained = take_constraints(ConstraintFormat::kJson, lines);
  EXPECT_THAT(lines, ElementsAre("ä 猫"));
  EXPECT_THAT(constrained.lines.at(0).required, ElementsAre("x"));
  EXPECT_THAT(constrained.lines.at(0).avoided, ElementsAre("y"));
}

TEST(TakeConstraints, TellsTheFirstLineOfAnotherForm) {
  for (const char* broken :
       {"a", "[]", R"({"constraints": []})", R"({"text": 3})", R"({"text": "a", "other": 1})",
        R"({"text": "a", "avoid": "b"})", R"({"text": "a", "avoid": [1]})",
        R"({"text": "a", "constraints": [" "]})", R"({"text": "a\nb"})"}) {
    std::vector<std::string> lines{R"({"text": "a"})", broken, "b"};
    const auto constrained = take_constraints(ConstraintFormat::kJson, lines);
    ASSERT_TRUE(constrained.mistake) << broken;
    EXPECT_EQ(constrained.mistake->index, 1);
    EXPECT_EQ(constrained.lines.size(), 1);
  }
}

TEST(NBestLine, HasFieldsOfMoses) {
  const auto line =
      parse_n_best_line("7 ||| a &#124;&#124;&#124; b ||| 0-0 ||| F0= -1 X= 2 ||| -3");
  EXPECT_EQ(line.id, 7);
  EXPECT_EQ(line.text, "a ||| b");
  EXPECT_EQ(line.text_field, "a &#124;&#124;&#124; b");
  EXPECT_EQ(line.more, " ||| 0-0");
  EXPECT_EQ(line.features, "F0= -1 X= 2");
  EXPECT_EQ(parse_n_best_line("0 |||  ||| F0= 0").features, "F0= 0");
  for (const char* broken : {"", "a ||| b ||| c", "-1 ||| b ||| c", "1 ||| b", "1x ||| b ||| c"})
    EXPECT_THROW(parse_n_best_line(broken), UserError) << broken;
}

TranslatedLine list_of(const std::vector<std::pair<std::string, double>>& translations) {
  TranslatedLine line;
  for (const auto& [text, probability] : translations) {
    line.n_best.emplace_back();
    line.n_best.back().text = text;
    line.n_best.back().log_prob = std::log(probability);
  }
  return line;
}

TEST(OrderByRisk, ExpectsUtilities) {
  auto line = list_of({{"the dog runs", 0.5}, {"a cat sits", 0.2}, {"a cat sat", 0.2}});
  const double alike = corpus_chrf({"a cat sits"}, {{"a cat sat"}}).score;
  const double unlike = corpus_chrf({"a cat sits"}, {{"the dog runs"}}).score;
  auto equal = line;
  order_by_risk(equal, Utility::kChrf, MetricTokenizer::k13a, Evidence::kEqual);
  EXPECT_THAT(equal.n_best.front().text, HasSubstr("cat"));
  for (const auto& translation : equal.n_best)
    if (translation.text == "a cat sits") {
      EXPECT_NEAR(translation.score, (100 + alike + unlike) / 3, 1e-9);
    }
  order_by_risk(line, Utility::kChrf, MetricTokenizer::k13a, Evidence::kProbability);
  EXPECT_EQ(line.n_best.front().text, "the dog runs");
  for (const auto& translation : line.n_best)
    if (translation.text == "a cat sits") {
      EXPECT_NEAR(translation.score, (2 * 100 + 2 * alike + 5 * unlike) / 9, 1e-9);
    }
}

TEST(OrderByRisk, CountsWhatCameOftenAsOften) {
  auto line = list_of({{"a", 0.1}, {"b", 0.1}, {"b", 0.1}});
  order_by_risk(line, Utility::kBleu, MetricTokenizer::k13a, Evidence::kEqual);
  EXPECT_EQ(line.n_best.front().text, "b");
  EXPECT_NEAR(line.n_best.front().score, 200.0 / 3, 1e-9);
}

}  // namespace
}  // namespace weft
