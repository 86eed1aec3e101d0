#include "align/renderer.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>

#include "align/tokens.h"
#include "align/weight_text.h"
#include "base/error.h"
#include "base/utf8.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kSource = "Der Hund schläft";
const std::string kTarget = "The dog sleeps";

AlignmentMatrix example() {
  return matrix_of(kSource, kTarget,
                   {0.8F, 0.125F, 0.075F,  //
                    0.1F, 0.6F, 0.3F,      //
                    0.0F, 0.25F, 0.75F});
}

std::string rendered(AlignmentFormat format, const RenderOptions& options = {}) {
  AlignmentContext context;
  context.id = 3;
  context.score = -1.25;
  context.source_line = kSource;
  context.target_line = kTarget;
  return render(example(), context, format, options);
}

TEST(Render, HardIsPharaoh) { EXPECT_EQ(rendered(AlignmentFormat::kHard), "0-0 1-1 2-2"); }

TEST(Render, HardTakesAThreshold) {
  RenderOptions options;
  options.link_threshold = 0.2F;
  EXPECT_EQ(rendered(AlignmentFormat::kHard, options), "0-0 1-1 1-2 2-1 2-2");
}

TEST(Render, SoftIsMariansForm) {
  EXPECT_EQ(rendered(AlignmentFormat::kSoft), "0.8,0.125,0.075 0.1,0.6,0.3 0,0.25,0.75");
}

TEST(Render, MatrixIsTheNematusBlock) {
  EXPECT_EQ(rendered(AlignmentFormat::kMatrix),
            "3 ||| The dog sleeps ||| -1.25 ||| Der Hund schläft ||| 3 3\n"
            "0.8 0.125 0.075\n"
            "0.1 0.6 0.3\n"
            "0 0.25 0.75\n");
}

// As in the sample files of the viewers: 7 columns and 4 rows for 6 and 3 tokens.
TEST(Render, MatrixCountsTheEndOfSentenceButDoesNotWriteIt) {
  AlignmentMatrix matrix = matrix_of("a |||", "x", {0.5F, 0.25F, 0.25F, 0, 0, 1});
  matrix.source.push_back(end_of_sentence(5));
  matrix.target.push_back(end_of_sentence(1));
  EXPECT_EQ(render(matrix, {}, AlignmentFormat::kMatrix),
            "0 ||| x ||| 0 ||| a &#124;&#124;&#124; ||| 3 2\n"
            "0.5 0.25 0.25\n"
            "0 0 1\n");
}

TEST(Render, JsonHoldsEverything) {
  const std::string line = rendered(AlignmentFormat::kJson);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto object = nlohmann::json::parse(line);
  EXPECT_EQ(object["id"], 3);
  EXPECT_EQ(object["score"], -1.25);
  EXPECT_EQ(object["source"]["text"], kSource);
  EXPECT_EQ(object["target"]["tokens"][1]["text"], "dog");
  EXPECT_EQ(object["matrix"],
            nlohmann::json::parse("[[0.8,0.125,0.075],[0.1,0.6,0.3],[0,0.25,0.75]]"));
  EXPECT_EQ(object["links"], nlohmann::json::parse("[[0,0],[1,1],[2,2]]"));
  EXPECT_THAT(line, HasSubstr("[0.8,0.125,0.075]"));
}

TEST(Render, JsonLeavesTheScoreOutWhereThereIsNone) {
  const auto object =
      nlohmann::json::parse(render(matrix_of("", "", {}), {}, AlignmentFormat::kJson));
  EXPECT_FALSE(object.contains("score"));
  EXPECT_EQ(object["matrix"], nlohmann::json::array());
}

// As in Python: line[begin:end] is the token. é is two code points in the second word, one in the
// third.
TEST(Render, JsonCountsCharactersNotBytes) {
  const std::string line = "我们 cafe\u0301 café 😀";
  AlignmentContext context;
  context.source_line = line;
  const AlignmentMatrix matrix{words_of(line), {}, {}};
  const auto tokens =
      nlohmann::json::parse(render(matrix, context, AlignmentFormat::kJson))["source"]["tokens"];
  const std::u32string characters = decode_utf8(line);
  std::vector<std::pair<int, int>> places;
  for (const auto& token : tokens) {
    places.emplace_back(token["begin"], token["end"]);
    const auto slice = characters.substr(
        token["begin"], token["end"].get<std::size_t>() - token["begin"].get<std::size_t>());
    EXPECT_EQ(encode_utf8(slice), token["text"].get<std::string>());
  }
  EXPECT_THAT(places,
              ElementsAre(std::pair(0, 2), std::pair(3, 8), std::pair(9, 13), std::pair(14, 15)));
}

TEST(Render, JsonMarksTheEndOfSentence) {
  AlignmentMatrix matrix = matrix_of("a", "x", {0.5F, 0.5F});
  matrix.source.push_back(end_of_sentence(1));
  AlignmentContext context;
  context.source_line = "a";
  context.target_line = "x";
  const auto object = nlohmann::json::parse(render(matrix, context, AlignmentFormat::kJson));
  EXPECT_FALSE(object["source"]["tokens"][0].contains("end_of_sentence"));
  EXPECT_EQ(object["source"]["tokens"][1]["end_of_sentence"], true);
  EXPECT_EQ(object["source"]["tokens"][1]["begin"], 1);
}

TEST(Render, JsonTellsThePieceWhereItIsNotTheText) {
  AlignmentMatrix matrix;
  matrix.source = {{"▁a", {0, 1}}, {"ffi", {2, 5}}, {"<0xE4>", {5, 5}}};
  AlignmentContext context;
  context.source_line = "a \uFB03";
  const auto tokens =
      nlohmann::json::parse(render(matrix, context, AlignmentFormat::kJson))["source"]["tokens"];
  const nlohmann::json expected = {{{"text", "a"}, {"piece", "▁a"}, {"begin", 0}, {"end", 1}},
                                   {{"text", "\uFB03"}, {"piece", "ffi"}, {"begin", 2}, {"end", 3}},
                                   {{"text", ""}, {"piece", "<0xE4>"}, {"begin", 3}, {"end", 3}}};
  EXPECT_EQ(tokens, expected);
}

// Offsets of 200,000 words counted from the beginning each time would take minutes.
TEST(Render, JsonOfAHugeLineIsCountedInOnePass) {
  std::string line;
  for (int i = 0; i < 200000; ++i) line += "wörd ";
  AlignmentContext context;
  context.source_line = line;
  AlignmentMatrix matrix;
  for (std::size_t begin = 0; begin < line.size(); begin += 6)
    matrix.source.push_back({"wörd", {begin, begin + 5}});
  const auto text = render(matrix, context, AlignmentFormat::kJson);
  EXPECT_THAT(text, HasSubstr("{\"text\":\"wörd\",\"begin\":999995,\"end\":999999}"));
}

TEST(Render, MatrixTokensHoldNoBlank) {
  AlignmentMatrix matrix;
  matrix.source = {{"a b", {0, 3}}, {"c\u00A0d", {4, 8}}};
  EXPECT_EQ(render(matrix, {}, AlignmentFormat::kMatrix),
            "0 |||  ||| 0 ||| a&#32;b c&#160;d ||| 2 0\n");
}

TEST(Render, JsonRefusesSpansOutsideTheLine) {
  EXPECT_THROW(render(example(), {}, AlignmentFormat::kJson), std::out_of_range);
}

TEST(Render, EmptySentencesKeepTheirLine) {
  const auto matrix = matrix_of("", "", {});
  EXPECT_EQ(render(matrix, {}, AlignmentFormat::kHard), "");
  EXPECT_EQ(render(matrix, {}, AlignmentFormat::kSoft), "");
  EXPECT_EQ(render(matrix, {}, AlignmentFormat::kMatrix), "0 |||  ||| 0 |||  ||| 0 0\n");
  EXPECT_EQ(render(matrix, {}, AlignmentFormat::kText), "");
}

TEST(Render, RefusesAMatrixOfTheWrongShape) {
  EXPECT_THROW(render(matrix_of("a b", "x", {1}), {}, AlignmentFormat::kSoft),
               std::invalid_argument);
}

// 700 weights of about 1/700 each: rounding each to six decimals would lose up to 3.5e-4.
TEST(WeightText, KeepsTheSumOfALongRow) {
  double sum = 0;
  double exact = 0;
  for (int i = 0; i < 700; ++i) {
    const float weight = 1.0F / (700.0F + static_cast<float>(i) / 7.0F);
    exact += weight;
    sum += std::stod(weight_text(weight));
  }
  EXPECT_NEAR(sum, exact, 1e-6);
  EXPECT_EQ(weight_text(1.0F), "1");
  EXPECT_EQ(weight_text(0.1F), "0.1");
  EXPECT_EQ(weight_text(8.57848e-05F), "8.57848e-05");
}

}  // namespace
}  // namespace weft
