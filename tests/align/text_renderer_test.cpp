#include "align/text_renderer.h"

#include <gmock/gmock.h>

#include <random>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "align/tokens.h"
#include "base/display_width.h"

namespace weft {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Le;

TextOptions terminal(std::size_t width) {
  TextOptions options;
  options.terminal_width = width;
  return options;
}

TEST(RenderText, DrawsAStairOfSourceWordsAboveTheirColumns) {
  const auto matrix = matrix_of("Der Hund schläft", "The dog sleeping",
                                {0.96F, 0.04F, 0.0F,  //
                                 0.0F, 0.7F, 0.3F,    //
                                 0.1F, 0.3F, 0.6F});
  EXPECT_EQ(render_text(matrix, {}),
            "         Der        \n"
            "         │ Hund     \n"
            "         │ │ schläft\n"
            "     The ██· ·      \n"
            "     dog · ██▒▒     \n"
            "sleeping ░░▒▒▓▓     \n");
}

TEST(RenderText, StandsWideWordsUprightAndPairsDigits) {
  const auto matrix = matrix_of("新华社 22日 电", "Xinhua 22nd", {1, 0, 0, 0, 1, 0});
  EXPECT_EQ(render_text(matrix, {}),
            "       新       \n"
            "       华 22    \n"
            "       社 日 电 \n"
            "Xinhua ██ ·  ·  \n"
            "  22nd ·  ██ ·  \n");
}

TEST(RenderText, PadsTargetWordsByTheColumnsTheyTake) {
  const auto matrix = matrix_of("cafe\u0301", "咖啡 cafe\u0301 x", {1, 1, 1});
  EXPECT_EQ(render_text(matrix, {}),
            "     cafe\u0301\n"
            "咖啡 ██  \n"
            "cafe\u0301 ██  \n"
            "   x ██  \n");
}

TEST(RenderText, ChangesShadeAtEachLevel) {
  const auto matrix =
      matrix_of("a", "1 2 3 4 5 6 7 8", {0.0F, 0.049F, 0.05F, 0.199F, 0.2F, 0.399F, 0.699F, 0.7F});
  EXPECT_EQ(render_text(matrix, {}), "  a \n1 · \n2 · \n3 ░░\n4 ░░\n5 ▒▒\n6 ▒▒\n7 ▓▓\n8 ██\n");
}

TEST(RenderText, WritesPerCent) {
  TextOptions options;
  options.numbers = true;
  EXPECT_EQ(render_text(matrix_of("a b", "x y", {1.0F, 0.0F, 0.07F, 0.93F}), options),
            "  a       \n"
            "  │   b   \n"
            "x 100 ·   \n"
            "y 7   93  \n");
}

TEST(RenderText, ColoursCellsAndClosesEveryColour) {
  TextOptions options;
  options.colour = true;
  EXPECT_EQ(render_text(matrix_of("a", "x y", {0.05F, 1.0F}), options),
            "  a \n"
            "x \x1b[38;5;15;48;5;234m  \x1b[0m\n"
            "y \x1b[38;5;16;48;5;228m  \x1b[0m\n");
}

// Five columns where three fit: blocks of three and two, each with the target words.
TEST(RenderText, ContinuesInBalancedBlocks) {
  const auto matrix = matrix_of("a b c d e", "xxxx", {0, 0, 1, 0, 0});
  EXPECT_EQ(render_text(matrix, terminal(12)),
            "     a     \n"
            "     │ b   \n"
            "     │ │ c \n"
            "xxxx · · ██\n"
            "\n"
            "     d   \n"
            "     │ e \n"
            "xxxx · · \n");
}

TEST(RenderText, CutsWordsWiderThanAThirdOfTheTerminal) {
  const std::string picture =
      render_text(matrix_of("Donaudampfschifffahrt", "steamboating", {1}), terminal(24));
  EXPECT_EQ(picture,
            "         Donauda…\n"
            "steambo… ██      \n");
}

TEST(RenderText, ShowsControlCharactersAsReplacementCharacters) {
  AlignmentMatrix matrix = matrix_of("a", "x", {1});
  matrix.source[0].text = "\x1b[31m";
  matrix.target[0].text = "a\u0085b";
  EXPECT_EQ(render_text(matrix, {}),
            "    \uFFFD[31m\n"
            "a\uFFFDb ██   \n");
}

TEST(RenderText, ShowsDirectionControlsAsReplacementCharacters) {
  EXPECT_EQ(render_text(matrix_of("a\u202E", "x\u2066", {1}), {}),
            "   a\uFFFD\n"
            "x\uFFFD ██\n");
}

// A terminal that reorders Hebrew must not reorder the cells or guides beside it.
TEST(RenderText, IsolatesWordsThatAreWrittenFromRightToLeft) {
  EXPECT_EQ(render_text(matrix_of("שלום b", "עולם abcde", {1, 0, 0, 1}), {}),
            "      \u2068שלום\u2069\n"
            "      │ b \n"
            " \u2068עולם\u2069 ██· \n"
            "abcde · ██\n");
}

// In a time that does not grow with the square of the marks.
TEST(RenderText, DrawsALetterWithMarksWithoutEnd) {
  std::string letter = "中";
  for (int i = 0; i < 200'000; ++i) letter += "\u0301";
  EXPECT_EQ(render_text(matrix_of(letter + "国", "x", {1}), {}), "  " + letter + " \n  国 \nx ██ \n");
}

TEST(RenderText, HasNoPictureOfAnEmptySentence) {
  EXPECT_EQ(render_text(matrix_of("", "x", {}), {}), "");
  EXPECT_EQ(render_text(matrix_of("a", "", {}), {}), "");
}

TEST(RenderText, RefusesATerminalThatIsTooNarrow) {
  EXPECT_THROW(render_text(matrix_of("a", "x", {1}), terminal(11)), std::invalid_argument);
}

/// The display width of each line of `picture`, colours aside, one list per block.
std::vector<std::vector<std::size_t>> block_widths(const std::string& picture) {
  static const std::regex kColour("\x1b\\[[0-9;]*m");
  std::vector<std::vector<std::size_t>> blocks(1);
  std::istringstream lines(picture);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) {
      blocks.emplace_back();
    } else {
      blocks.back().push_back(display_width(std::regex_replace(line, kColour, "")));
    }
  }
  return blocks;
}

const std::vector<std::string> kSentences{
    "Ein kleiner Hund läuft über den verschneiten Strand und bellt die Wellen an .",
    "科学家 一直 猜想 土卫六 上 存在 着 由 液态 甲烷 构成 的 海洋 。",
    "新华社 阿什拉夫·哈尼 5月 2008年 NASA ( ) …… e\u0301",
    "मैं कल बाज़ार में किताबें खरीदने गया था ।",
    "ฉัน ชอบ กิน ข้าว ผัด ที่ ร้าน นี้",
    "tre\u0300s chaud ! 👩\u200d👩\u200d👧 🇩🇪 ❤\uFE0F ﾊﾛｰ 한국어",
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze ?",
    "مرحبا بالعالم שלום",
};

// In any language, at any width: no line is wider than the terminal, all lines of a block are
// equally wide.
TEST(RenderText, FitsTheTerminalAndKeepsLinesEquallyWide) {
  std::mt19937 random(11);
  for (const std::string& source : kSentences) {
    for (const std::string& target : kSentences) {
      AlignmentMatrix matrix = matrix_of(source, target, {});
      for (std::size_t i = 0; i < matrix.rows() * matrix.columns(); ++i) {
        matrix.weights.push_back(static_cast<float>(random() % 1001) / 1000.0F);
      }
      for (const std::size_t width : {12U, 13U, 20U, 33U, 80U, 200U}) {
        TextOptions options = terminal(width);
        options.numbers = random() % 2 == 0;
        options.colour = random() % 2 == 0;
        for (const auto& block : block_widths(render_text(matrix, options))) {
          ASSERT_FALSE(block.empty());
          EXPECT_THAT(block, Each(block.front())) << source << " / " << target << " / " << width;
          EXPECT_THAT(block.front(), Le(width));
        }
      }
    }
  }
}

}  // namespace
}  // namespace weft
