#include "markup/tagged_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(const TaggedLine& line) {
  std::vector<std::string> result;
  for (const auto& tag : line.tags) result.push_back(tag.text);
  return result;
}

TEST(TaggedLine, TakesOutTagsOfAllKinds) {
  const auto line = take_out_tags("<g id=\"1\">The <!-- big --> dog</g> <x/>barks<?pi?>.");
  EXPECT_EQ(line.text, "The dog barks.");
  EXPECT_THAT(texts(line), ElementsAre("<g id=\"1\">", "<!-- big -->", "</g>", "<x/>", "<?pi?>"));
  EXPECT_EQ(line.tags[0].kind, TagKind::kOpen);
  EXPECT_EQ(line.tags[0].partner, 2u);
  EXPECT_EQ(line.tags[2].kind, TagKind::kClose);
  EXPECT_EQ(line.tags[2].partner, 0u);
  EXPECT_EQ(line.tags[3].kind, TagKind::kPoint);
  EXPECT_EQ(line.tags[2].position, 7u);
}

TEST(TaggedLine, ReadsAttributesToTheirEnd) {
  EXPECT_EQ(take_out_tags("a <b title='x > y' n=\"<c>\">bold</b> z").text, "a bold z");
}

TEST(TaggedLine, TakesOutPlaceholders) {
  const auto line = take_out_tags("Dear {name}, ${n} of %1$d files (%s, %-5.2f) are {0}.");
  EXPECT_EQ(line.text, "Dear , of files (, ) are .");
  EXPECT_THAT(texts(line), ElementsAre("{name}", "${n}", "%1$d", "%s", "%-5.2f", "{0}"));
}

TEST(TaggedLine, TakesOutLinks) {
  const auto line = take_out_tags(
      "See https://a.org/b?c=1&d#e, (www.x.org/y_(z)) or http://q.de.请看https://例.cn/x。"
      "写信给tom@mail.example.com!");
  EXPECT_THAT(texts(line), ElementsAre("https://a.org/b?c=1&d#e", "www.x.org/y_(z)", "http://q.de",
                                       "tom@mail.example.com"));
}

TEST(TaggedLine, OfPlainTextHasPlaceholdersAndLinksAlone) {
  const auto line = take_out_tags("a <b> {0} &amp; http://x.y/z", Markup::kPlain);
  EXPECT_EQ(line.text, "a <b> &amp; ");
  EXPECT_THAT(texts(line), ElementsAre("{0}", "http://x.y/z"));
}

TEST(TaggedLine, LeavesWhatOnlyLooksLikeThem) {
  for (const std::string text : {"http://",     "wwww.x",       "awww.x.org", "a@b",
                                 "@a.b",        "a@.b",         "x@y@z.org",  "a < b and c > d",
                                 "a <b",        "x <3 y",       "100% sure",  "50%d",
                                 "5 %discount", "{not a name}", "{}",         "{",
                                 "AT&T",        "a & b",        "&;",         "<>",
                                 "</>",         "a<",           "%",          "$5",
                                 "< b>"}) {
    const auto line = take_out_tags(text);
    EXPECT_EQ(line.text, text);
    EXPECT_TRUE(line.tags.empty()) << text;
  }
}

TEST(TaggedLine, ReadsEntities) {
  const auto line =
      take_out_tags("&lt;b&gt; &amp; &quot;&apos; &#228;&#x4E2D; caf&eacute;&nbsp;&#10;");
  EXPECT_EQ(line.text, "<b> & \"' ä中 caf");
  EXPECT_THAT(texts(line), ElementsAre("&eacute;", "&nbsp;", "&#10;"));
}

TEST(TaggedLine, PairsTagsThatNest) {
  const auto kinds = [](const std::string& text) {
    std::string result;
    for (const auto& tag : take_out_tags(text).tags)
      result += tag.kind == TagKind::kOpen ? '(' : tag.kind == TagKind::kClose ? ')' : '.';
    return result;
  };
  EXPECT_EQ(kinds("<a><b>x</b></a>"), "(())");
  EXPECT_EQ(kinds("<a><b>x</a></b>"), "(.).");  // they overlap
  EXPECT_EQ(kinds("<br>x</p><b>"), "...");
  EXPECT_EQ(kinds("<b>x</b><b>y</b>"), "()()");
  EXPECT_EQ(kinds("<b>x<b>y</b>z</b>"), "(())");
}

TEST(TaggedLine, KeepsOneOfTheBlanksAroundATag) {
  EXPECT_EQ(take_out_tags("a <x/> b").text, "a b");
  EXPECT_EQ(take_out_tags("<x/> a <x/>").text, "a ");
  EXPECT_EQ(take_out_tags("a  b").text, "a  b");
  const auto tag = take_out_tags("a<x/> b").tags.at(0);
  EXPECT_FALSE(tag.space_before);
  EXPECT_TRUE(tag.space_after);
}

TEST(TaggedLine, SurvivesTagsInTagsInTags) {
  std::string line, end;
  for (int n = 0; n < 100'000; ++n) {
    line += "<b>";
    end += "</b>";
  }
  EXPECT_EQ(take_out_tags(line + "x" + end).tags.size(), 200'000u);
}

}  // namespace
}  // namespace weft
