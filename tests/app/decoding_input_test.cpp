// What comes with the text to be translated or scored, and what is chosen among translations.

#include <gmock/gmock.h>

#include <cmath>

#include "app/constraint_input.h"
#include "app/line_demands.h"
#include "app/minimum_bayes_risk.h"
#include "app/split_lines.h"
#include "app/unknown_words.h"
#include "base/error.h"
#include "base/temporary_directory.h"
#include "base/words.h"
#include "metrics/chrf.h"
#include "text/n_best_line.h"
#include "text/word_vocabulary.h"

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

class TranslationTableTest : public testing::Test {
 protected:
  TranslationTable read(const std::string& text) {
    directory_.write("table", text);
    return TranslationTable(directory_.path("table"));
  }
  void expect_refused(const std::string& text, const std::string& message) {
    try {
      read(text);
      FAIL() << text;
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message));
    }
  }

  TemporaryDirectory directory_;
};

TEST_F(TranslationTableTest, ReadsTheFormsOfToolkits) {
  for (const char* text : {"House\tHeim\t0.25\t1\t3\nhouse\tHaus\t0.5\t1\t6\n",
                           R"({"source": "house", "target": "Haus", "p_target": 0.5})"
                           "\n"
                           R"({"source": "house", "target": "Heim", "p_target": 0.25, "count": 3})",
                           "Haus house 0.5\nHeim house 0.25\nNULL house 0.25\nHaus NULL 1\n",
                           "house Haus -0.6931471806\nhouse Heim -1.386294361\n<eps> Haus 0\n"}) {
    const auto table = read(text);
    ASSERT_EQ(table.entries().size(), 1) << text;
    const auto& targets = table.of("HOUSE");
    ASSERT_EQ(targets.size(), 2) << text;
    EXPECT_EQ(targets[0].target, "Haus");
    EXPECT_NEAR(targets[0].log_prob, std::log(0.5), 1e-9);
    EXPECT_EQ(targets[1].target, "Heim");
    EXPECT_TRUE(table.of("home").empty());
  }
}

TEST_F(TranslationTableTest, TellsTheLineThatIsNoEntry) {
  expect_refused("", "table: has no entries");
  expect_refused("a b 0.5\na b\n", "table:2: the line is no entry");
  expect_refused("a b c\n", "table:1: the line is no entry");
  expect_refused("a\tb\t0.5\na b 0.5\n", "table:2: the line is no entry");
  expect_refused("{\"source\": \"a\"}\n", "table:1: the line is no entry");
  expect_refused("a b 0.5\na b 1.5\n", "table:2: the probability of 'a' is outside [0, 1]");
  expect_refused("a b -1\na b 0.5\n", "table:2: the probability of 'b' is outside (-inf, 0]");
}

/// Words of `source` as columns, those of `target` as rows; row i looks at column columns[i].
Translation aligned(const std::string& source, const std::string& target,
                    const std::vector<std::size_t>& columns) {
  Translation translation;
  translation.text = target;
  const auto tokens = [](const std::string& line) {
    std::vector<AlignedToken> words;
    for (const auto& span : split_words(line))
      words.push_back({line.substr(span.begin, span.end - span.begin), span});
    return words;
  };
  auto& matrix = translation.alignment;
  matrix.source = tokens(source);
  matrix.target = tokens(target);
  for (const auto column : columns)
    for (std::size_t j = 0; j < matrix.source.size(); ++j)
      matrix.weights.push_back(j == column ? 1.0F : 0.0F);
  for (auto at = target.find("<unk>"); at != std::string::npos; at = target.find("<unk>", at + 1))
    translation.unknown.push_back({at, at + 5});
  return translation;
}

class UnknownWordsTest : public TranslationTableTest {
 protected:
  std::string replaced(const Translation& translation, UnknownWords& words) {
    TranslatedLine line;
    line.n_best.push_back(translation);
    words.replace(line);
    matrix_ = line.n_best[0].alignment;
    return line.n_best[0].text;
  }

  WordVocabulary target_{"das\nist\n", "target"};
  AlignmentMatrix matrix_;
};

TEST_F(UnknownWordsTest, AreTranslatedByTheTableOrCopied) {
  const auto translation = aligned("The House , 1,234 foo http://x.y/z.",
                                   "Das <unk> , <unk> x<unk>n. <unk>", {0, 1, 2, 3, 4, 5});
  UnknownWords by_table(read("house\thaus\t0.9\nfoo\tbar\t1\n1,234\t5\t1\n"), target_);
  EXPECT_EQ(replaced(translation, by_table), "Das Haus , 1,234 bar. http://x.y/z");
  EXPECT_EQ(by_table.report(),
            "4 unknown words were replaced, 2 of them by the table, the others by source words");
  UnknownWords copied(std::nullopt, target_);
  EXPECT_EQ(replaced(translation, copied), "Das House , 1,234 foo. http://x.y/z");
  const std::vector<std::string> words{"Das", "House", ",", "1,234", "foo.", "http://x.y/z"};
  ASSERT_EQ(matrix_.rows(), words.size());
  const std::string text = "Das House , 1,234 foo. http://x.y/z";
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& token = matrix_.target[i];
    EXPECT_EQ(token.text, words[i]);
    EXPECT_EQ(text.substr(token.span.begin, token.span.end - token.span.begin), words[i]);
    EXPECT_EQ(matrix_.at(i, i), 1);
  }
}

TEST_F(UnknownWordsTest, OfATableOfOtherLanguagesAreTold) {
  std::string table, other;
  for (char c = 'a'; c <= 'z'; ++c) {
    table += std::string("w") + c + "\tdas\t0.5\n";
    other += std::string("w") + c + "\tle" + c + "\t0.5\n";
  }
  UnknownWords words(read(table), target_);
  std::string line;
  for (char c = 'a'; c <= 'z'; ++c) line += std::string(" v") + c;
  EXPECT_THROW(words.require_fits({line}), UserError);
  EXPECT_NO_THROW(words.require_fits({line, "wa wb wc wd"}));
  EXPECT_NO_THROW(words.require_fits({"too few"}));
  EXPECT_THROW(UnknownWords(read(other), target_), UserError);
}

TEST(CopiedNumbers, AreThoseThatAllLanguagesWriteAlike) {
  EXPECT_THAT(copied_numbers("In 1987, at 10:30 (or 11/12), 7 of 25 paid 1,234.50 for A380; 1987!"),
              ElementsAre("1987", "10:30", "11/12", "25"));
}

std::vector<std::string> texts_of(const std::string& line, const std::vector<Span>& spans) {
  std::vector<std::string> texts;
  for (const auto& span : spans) texts.push_back(line.substr(span.begin, span.end - span.begin));
  return texts;
}

TEST(SplitLines, FindsSentencesOfLanguages) {
  for (const auto& sentences :
       std::vector<std::vector<std::string>>{{"Mr. Smith ate 3.5 apples.", "Really?", "Yes!"},
                                             {"Das ist z.B. Dr. Mayer.", "Er kommt."},
                                             {"今天很好。", "你呢？"}}) {
    const std::string blank = sentences[0].starts_with("今") ? "" : "  ";
    std::string line;
    for (const auto& sentence : sentences) line += (line.empty() ? "" : blank) + sentence;
    EXPECT_EQ(texts_of(line, sentences_of(line)), sentences) << line;
  }
  EXPECT_TRUE(sentences_of(" \t").empty());
}

int64_t letters(std::string_view text) { return static_cast<int64_t>(text.size()); }

TEST(SplitLines, CutsLongLinesAtPunctuationOrElseAtBlanks) {
  const auto parts = [](const std::string& line, int64_t most) {
    return texts_of(line, parts_within(line, {0, line.size()}, letters, most));
  };
  EXPECT_THAT(parts("a b, c d e; f", 20), ElementsAre("a b, c d e; f"));
  EXPECT_THAT(parts("a b, c d e; f", 9), ElementsAre("a b,", "c d e; f"));
  EXPECT_THAT(parts("a b, c d e; f", 6), ElementsAre("a b,", "c d e;", "f"));
  EXPECT_THAT(parts("aa bb cc", 6), ElementsAre("aa bb", "cc"));
  EXPECT_THAT(parts("aaaaaaaa", 6), ElementsAre("aaaaaaaa"));
  EXPECT_THAT(parts("今天，很好", 12), ElementsAre("今天，", "很好"));
}

TEST(SplitLines, JoinTranslationsWithAlignmentsOverTheWholeLine) {
  std::vector<std::string> lines{"Big trees. Dogs!", "", "今。天。"};
  const SplitLines split(lines, LineSplitting::kSentences, letters, 100);
  EXPECT_THAT(lines, ElementsAre("Big trees.", "Dogs!", "", "今。", "天。"));
  std::vector<TranslatedLine> parts;
  for (const auto& [source, target] :
       std::vector<std::pair<std::string, std::string>>{{"Big trees.", "x <unk>"},
                                                        {"Dogs!", "z!"},
                                                        {"", ""},
                                                        {"今。", "甲。"},
                                                        {"天。", "乙"}}) {
    auto& part = parts.emplace_back();
    part.source_tokens = 2;
    part.n_best.push_back(aligned(
        source, target,
        source == "Big trees." ? std::vector<std::size_t>{1, 0} : std::vector<std::size_t>{0}));
    auto& matrix = part.n_best[0].alignment;
    matrix.weights.resize(matrix.rows() * matrix.columns());
    part.n_best[0].log_prob = -1;
    part.n_best[0].score = source == "Dogs!" ? -4 : -1;
    part.n_best[0].tokens = source == "Dogs!" ? 1 : 2;
  }
  const auto joined = split.join(parts, 1);
  ASSERT_EQ(joined.size(), 3);
  const auto& whole = joined[0].n_best.at(0);
  EXPECT_EQ(joined[0].source, "Big trees. Dogs!");
  EXPECT_EQ(joined[0].source_tokens, 4);
  EXPECT_EQ(whole.text, "x <unk> z!");
  EXPECT_EQ(whole.log_prob, -2);
  EXPECT_EQ(whole.score, -2.5);
  ASSERT_EQ(whole.unknown.size(), 1);
  EXPECT_EQ(whole.unknown[0].begin, 2);
  const auto& matrix = whole.alignment;
  EXPECT_THAT(matrix.weights, ElementsAre(0, 1, 0, 1, 0, 0, 0, 0, 1));
  EXPECT_EQ(matrix.source[2].span.begin, 11);
  EXPECT_EQ(matrix.target[2].span.begin, 8);
  EXPECT_EQ(joined[1].n_best.at(0).text, "");
  EXPECT_EQ(joined[2].n_best.at(0).text, "甲。乙");
}

TEST(SplitLines, HaveTheBestCombinationsOfTheirParts) {
  std::vector<std::string> lines{"Big trees? Dogs run! Cats sit."};
  const SplitLines split(lines, LineSplitting::kSentences, letters, 100);
  ASSERT_EQ(lines.size(), 3);
  std::vector<TranslatedLine> parts(3);
  std::vector<std::pair<double, std::string>> expected;
  for (const auto& scores : {std::vector<double>{-1, -1.5, -7}, std::vector<double>{-2, -2.25},
                             std::vector<double>{0}}) {
    auto& part = parts[expected.empty() ? 0 : expected.front().second.size() / 2 + 1];
    std::vector<std::pair<double, std::string>> longer;
    for (std::size_t k = 0; k < scores.size(); ++k) {
      Translation translation;
      translation.text = std::string(1, static_cast<char>('a' + k));
      translation.score = scores[k];
      part.n_best.push_back(translation);
      if (expected.empty()) longer.emplace_back(scores[k], translation.text);
      for (const auto& [sum, text] : expected)
        longer.emplace_back(sum + scores[k], text + " " + translation.text);
    }
    expected = longer;
  }
  std::sort(expected.rbegin(), expected.rend());
  for (const std::size_t most : {1U, 4U, 100U}) {
    const auto joined = split.join(parts, most).at(0).n_best;
    ASSERT_EQ(joined.size(), std::min<std::size_t>(most, 6));
    for (std::size_t k = 0; k < joined.size(); ++k) {
      EXPECT_EQ(joined[k].text, expected[k].second);
      EXPECT_NEAR(joined[k].score, expected[k].first / 3, 1e-9);
    }
  }
}

TEST(SplitLines, HaveTheSentencesOfPrefixes) {
  std::vector<std::string> lines{"Big trees? Dogs run!", "", "Cats sit."};
  const SplitLines split(lines, LineSplitting::kSentences, letters, 100);
  EXPECT_THAT(split.prefixes({"Oh yes? No", "", "Ah! So"}),
              ElementsAre("Oh yes?", "No", "", "Ah! So"));
  EXPECT_THAT(split.prefixes({"Oh yes? No! So", "", ""}), ElementsAre("Oh yes?", "No! So", "", ""));
  EXPECT_TRUE(split.prefixes({}).empty());
  EXPECT_EQ(split.line_of(3), 2);
}

}  // namespace
}  // namespace weft
