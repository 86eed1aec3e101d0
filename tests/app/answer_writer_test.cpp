#include "app/answer_writer.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/words.h"

namespace weft {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<AlignedToken> words_of(const std::string& line) {
  std::vector<AlignedToken> tokens;
  for (const auto& word : split_words(line))
    tokens.push_back({line.substr(word.begin, word.end - word.begin), word});
  return tokens;
}

/// A source of one word, and a translation that looks at it with all of its words.
TranslatedLine answer(const std::string& translation) {
  TranslatedLine line;
  line.source = "x";
  Translation best;
  best.text = translation;
  best.log_prob = -1.5;
  best.score = -0.5;
  best.alignment = {words_of("x"), words_of(translation), {}};
  best.alignment.weights.assign(best.alignment.rows(), 1.0F);
  line.n_best.push_back(best);
  return line;
}

std::string written(const std::string& translation, const AnswerFormat& format) {
  std::ostringstream out;
  AnswerWriter(out, format).write(7, answer(translation));
  return out.str();
}

TEST(AnswerWriter, WritesTheTextAlone) { EXPECT_EQ(written("a b", {}), "a b\n"); }

TEST(AnswerWriter, WritesMosesLists) {
  AnswerFormat format;
  format.n_best = true;
  EXPECT_EQ(written("a b", format), "7 ||| a b ||| F0= -1.5 ||| -0.5\n");
  format.alignment = AlignmentFormat::kHard;
  EXPECT_EQ(written("a b", format), "7 ||| a b ||| 0-0 0-1 ||| F0= -1.5 ||| -0.5\n");
}

TEST(AnswerWriter, WritesAlignmentsBehindTheText) {
  AnswerFormat format;
  format.alignment = AlignmentFormat::kHard;
  EXPECT_EQ(written("a b", format), "a b ||| 0-0 0-1\n");
  format.alignment = AlignmentFormat::kSoft;
  EXPECT_EQ(written("a b", format), "a b ||| 1 1\n");
}

TEST(AnswerWriter, EscapesTheSeparatorWhereItHasAMeaning) {
  EXPECT_EQ(written("a ||| b", {}), "a ||| b\n");
  AnswerFormat n_best;
  n_best.n_best = true;
  EXPECT_EQ(written("a ||| b||||", n_best),
            "7 ||| a &#124;&#124;&#124; b&#124;&#124;&#124;| ||| F0= -1.5 ||| -0.5\n");
  for (const auto alignment : {AlignmentFormat::kHard, AlignmentFormat::kSoft}) {
    AnswerFormat format;
    format.alignment = alignment;
    EXPECT_THAT(written("|||", format), testing::StartsWith("&#124;&#124;&#124; ||| "));
  }
}

// LF, CR, NUL, VT, FF, FS, NEL, LS, PS: what some program takes for the end of a line or a text.
TEST(AnswerWriter, WritesOneLineWhateverTheTextHolds) {
  const std::string odd = std::string("a\nb\rc") + '\0' + "d\ve\ff\x1Cg\u0085h\u2028i\u2029j";
  const std::string even = "a b c\uFFFDd e f\uFFFDg h i j";
  EXPECT_EQ(written(odd, {}), even + "\n");
  AnswerFormat n_best;
  n_best.n_best = true;
  EXPECT_EQ(written(odd, n_best), "7 ||| " + even + " ||| F0= -1.5 ||| -0.5\n");
  AnswerFormat matrix;
  matrix.alignment = AlignmentFormat::kMatrix;
  EXPECT_THAT(written(odd, matrix), testing::StartsWith("7 ||| " + even + " ||| -1.5 ||| x ||| "));
  AnswerFormat json;
  json.alignment = AlignmentFormat::kJson;
  const auto line = written(odd, json);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(nlohmann::json::parse(line)["target"]["text"], odd) << "which JSON can say";
}

TEST(AnswerWriter, LetsNothingMoveTheTerminal) {
  AnswerFormat format;
  format.alignment = AlignmentFormat::kText;
  const auto picture = written("a\x1B[2J \u202Eb", format);
  EXPECT_THAT(picture, Not(HasSubstr("\x1B")));
  EXPECT_THAT(picture, Not(HasSubstr("\u202E")));
  std::ostringstream out;
  AnswerWriter(out, format).write(0, AlignedPair{}, "a\x1B[2J \u202Eb");
  EXPECT_EQ(out.str(), "a\uFFFD[2J \uFFFDb\n\n");
}

}  // namespace
}  // namespace weft
