#include "align/escapes.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(OneLine, KeepsWhatEndsNoLine) {
  const std::string text = "a\tb \u00A0\u3000 我|||\u202E 😀";
  EXPECT_EQ(one_line(text), text);
}

TEST(OneLine, PutsASpaceForALineBreak) {
  EXPECT_EQ(one_line("a\nb\r\nc\vd\fe\u0085f\u2028g\u2029"), "a b  c d e f g ");
  EXPECT_EQ(one_line(std::string("a\0b\x1C\x1D\x1E", 6)), "a\uFFFDb\uFFFD\uFFFD\uFFFD");
}

TEST(Field, HasNoSeparator) {
  EXPECT_EQ(field("a ||| b"), "a &#124;&#124;&#124; b");
  EXPECT_EQ(field("|| |"), "|| |");
  EXPECT_EQ(field("|||||||").find("|||"), std::string::npos);
}

TEST(FieldToken, HasNoBlank) {
  EXPECT_EQ(field_token("a b\u00A0c\n"), "a&#32;b&#160;c&#32;");
  EXPECT_EQ(field_token("|||"), "&#124;&#124;&#124;");
}

TEST(Shown, HasNothingThatMovesATerminal) {
  EXPECT_EQ(shown("a\x1B\tb\x7F\u009B"), "a\uFFFD\uFFFDb\uFFFD\uFFFD");
  for (const std::string control :
       {"\u061C", "\u200E", "\u200F", "\u2028", "\u2029", "\u202A", "\u202B", "\u202C", "\u202D",
        "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"}) {
    EXPECT_EQ(shown("a" + control), "a\uFFFD");
  }
  const std::string harmless = "é e\u0301 👨\u200D👩 ❤\uFE0F שלום";
  EXPECT_EQ(shown(harmless), harmless);
}

TEST(Isolated, KeepsRightToLeftWordsToThemselves) {
  EXPECT_EQ(isolated("שלום"), "\u2068שלום\u2069");
  EXPECT_EQ(isolated("مرحبا!"), "\u2068مرحبا!\u2069");
  EXPECT_EQ(isolated("church"), "church");
  EXPECT_EQ(isolated("教堂 12"), "教堂 12");
}

}  // namespace
}  // namespace weft
