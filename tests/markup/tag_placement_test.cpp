#include "markup/tag_placement.h"

#include <gtest/gtest.h>

#include "base/words.h"

namespace weft {
namespace {

/// The target with the tags of the source, by links written as pairs of positions.
std::string placed(const std::string& source, const std::string& target,
                   const std::vector<Link>& links) {
  const auto line = take_out_tags(source);
  return put_in_tags(line, split_words(line.text), {target, split_words(target)}, links);
}

TEST(PutInTags, NoWordBecomesPartOfALink) {
  const auto line = take_out_tags("see http://a.b/c, or d", Markup::kPlain);
  const std::string target = "X Y Z";
  EXPECT_EQ(put_in_tags(line, split_words(line.text), {target, split_words(target)},
                        {{0, 0}, {1, 1}, {2, 2}}),
            "X http://a.b/c Y Z");
}

TEST(PutInTags, EscapesNothingOfPlainText) {
  const auto line = take_out_tags("a {0} b", Markup::kPlain);
  const std::string target = "A&B <C";
  EXPECT_EQ(
      put_in_tags(line, split_words(line.text), {target, split_words(target)}, {{0, 0}, {1, 1}}),
      "A&B {0} <C");
}

/// Links of a translation word by word.
std::vector<Link> diagonal(int words) {
  std::vector<Link> links;
  for (int n = 0; n < words; ++n) links.push_back({n, n});
  return links;
}

TEST(TagPlacement, FollowsWords) {
  EXPECT_EQ(placed("I <b>love</b> <i>dogs</i>", "Hunde liebe ich", {{0, 2}, {1, 1}, {2, 0}}),
            "<i>Hunde</i> <b>liebe</b> ich");
}

TEST(TagPlacement, LeavesALineThatIsTranslatedWordByWordAsItWas) {
  for (const std::string line :
       {"I <b>love</b> you.", "<g id=\"1\">Press <x id='2'/> the <i>red</i> button</g> now",
        "Hello {name}, you have %d new messages.<br/>", "A <x/> B<y/> C <z/>D", "<p><q>a b</q></p>",
        "a <b><i>b</i> c</b> d", "<x/>", "<p></p>", "a &lt; b", "<x/> a", "a <x/>"}) {
    const auto text = take_out_tags(line).text;
    EXPECT_EQ(placed(line, text, diagonal(static_cast<int>(split_words(text).size()))), line);
  }
}

TEST(TagPlacement, CoversTheStretchWithMostOfItsWords) {
  // "big red" is spread over "rouge ... grand": the stretch ends where words of others begin.
  EXPECT_EQ(
      placed("the <b>big red</b> dog", "le grand chien rouge", {{0, 0}, {1, 1}, {2, 3}, {3, 2}}),
      "le <b>grand</b> chien rouge");
  // A word without a link does not break a stretch.
  EXPECT_EQ(placed("<b>ice cream</b> now", "crème à glace maintenant", {{0, 2}, {1, 0}, {2, 3}}),
            "<b>crème à glace</b> maintenant");
}

TEST(TagPlacement, KeepsNestingWhereTheInnerWordsWentElsewhere) {
  EXPECT_EQ(placed("<a>one <b>two</b></a> three", "zwei drei eins", {{0, 2}, {1, 0}, {2, 1}}),
            "<a><b>zwei</b></a> drei eins");
}

TEST(TagPlacement, KeepsPairsApartThatClaimTheSameWord) {
  EXPECT_EQ(placed("<a>to</a> <b>the</b> house", "zum Haus", {{0, 0}, {1, 0}, {2, 1}}),
            "<a>zum</a> <b></b>Haus");
}

TEST(TagPlacement, NeverSplitsAWord) {
  EXPECT_EQ(placed("un<b>believ</b>able", "unglaublich", {{0, 0}}), "<b>unglaublich</b>");
}

TEST(TagPlacement, PutsPointsWhereTheirNeighboursWent) {
  EXPECT_EQ(placed("I saw <x/> him", "ich habe ihn gesehen", {{0, 0}, {1, 3}, {2, 2}}),
            "ich habe <x/> ihn gesehen");
  // "him" has no translation: after that of "saw".
  EXPECT_EQ(placed("I saw <x/> him", "ich sah", {{0, 0}, {1, 1}}), "ich sah <x/>");
}

TEST(TagPlacement, KeepsAllTagsWithoutLinksAndWithoutWords) {
  EXPECT_EQ(placed("<a>x</a> <b/>", "", {}), "<a></a><b/>");
  EXPECT_EQ(placed("<a>x</a> y", "u v", {}), "<a></a>u v");
}

TEST(TagPlacement, EscapesTheTranslation) {
  EXPECT_EQ(placed("<b>less</b>", "< & >", {{0, 0}}), "<b>&lt;</b> &amp; &gt;");
}

}  // namespace
}  // namespace weft
