#include "base/display_width.h"

#include <gmock/gmock.h>

namespace weft {
namespace {

TEST(DisplayWidth, CountsColumnsOfATerminal) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("dog."), 4u);
  EXPECT_EQ(display_width("Käse"), 4u);
  EXPECT_EQ(display_width("Ka\u0308se"), 4u);  // combining diaeresis
  EXPECT_EQ(display_width("我喜欢"), 6u);
  EXPECT_EQ(display_width("ｆｕｌｌ。"), 10u);
  EXPECT_EQ(display_width("ﾊﾝ"), 2u);  // halfwidth Katakana
  EXPECT_EQ(display_width("한국"), 4u);
  EXPECT_EQ(display_width("\u1112\u1161\u11AB"), 2u);  // the syllable 한 in three Jamo
  EXPECT_EQ(display_width("ที่"), 1u);
  EXPECT_EQ(display_width("a\u200Bb\u200D"), 2u);  // invisible
  EXPECT_EQ(display_width("▁the"), 4u);
  EXPECT_EQ(display_width("→…—“”"), 5u);  // ambiguous: narrow
}

TEST(DisplayWidth, TakesAnEmojiSequenceForOnePicture) {
  EXPECT_EQ(display_width("😀"), 2u);
  EXPECT_EQ(display_width("👍🏽"), 2u);         // with a skin tone
  EXPECT_EQ(display_width("👩\u200D👩\u200D👧"), 2u);  // joined family
  EXPECT_EQ(display_width("🇩🇪"), 2u);               // flag
  EXPECT_EQ(display_width("\u2764\uFE0F"), 2u);     // heart as emoji
  EXPECT_EQ(display_width("\u2764"), 1u);           // heart as text
  EXPECT_EQ(display_width("😀😀"), 4u);
}

TEST(PadToWidth, FillsUpColumnsNotBytes) {
  EXPECT_EQ(pad_to_width("我", 4), "我  ");
  EXPECT_EQ(pad_left_to_width("我", 4), "  我");
  EXPECT_EQ(pad_to_width("Käse", 4), "Käse");
  EXPECT_EQ(pad_to_width("longer", 3), "longer");
  EXPECT_EQ(pad_left_to_width("longer", 3), "longer");
}

TEST(TruncateToWidth, CutsBetweenCharacters) {
  EXPECT_EQ(truncate_to_width("short", 5), "short");
  EXPECT_EQ(truncate_to_width("longer", 5), "long…");
  EXPECT_EQ(truncate_to_width("我喜欢你", 8), "我喜欢你");
  EXPECT_EQ(truncate_to_width("我喜欢你", 7), "我喜欢…");
  EXPECT_EQ(truncate_to_width("我喜欢你", 6), "我喜…");  // half a character is left empty
  EXPECT_EQ(truncate_to_width("ae\u0301b", 2), "a…");
  EXPECT_EQ(truncate_to_width("longer", 1), "…");
  EXPECT_EQ(truncate_to_width("longer", 0), "");
}

TEST(VisibleCharacters, AreWhatPeopleSee) {
  using testing::ElementsAre;
  EXPECT_THAT(visible_characters(""), ElementsAre());
  EXPECT_THAT(visible_characters("ab"), ElementsAre("a", "b"));
  EXPECT_THAT(visible_characters("e\u0301x"), ElementsAre("e\u0301", "x"));
  EXPECT_THAT(visible_characters("\U0001F1E9\U0001F1EA中"),
              ElementsAre("\U0001F1E9\U0001F1EA", "中"));
}

}  // namespace
}  // namespace weft
