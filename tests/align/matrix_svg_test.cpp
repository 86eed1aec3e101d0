#include "align/matrix_svg.h"

#include <gmock/gmock.h>

#include <regex>
#include <stack>
#include <stdexcept>

#include "align/alignment_page.h"

namespace weft {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

AlignmentMatrix word_matrix(const std::vector<std::string>& source,
                            const std::vector<std::string>& target, std::vector<float> weights) {
  AlignmentMatrix matrix;
  for (const auto& word : source) matrix.source.push_back({word, {}});
  for (const auto& word : target) matrix.target.push_back({word, {}});
  matrix.weights = std::move(weights);
  return matrix;
}

/// Every element that begins ends, in the right order.
void expect_well_formed(const std::string& text) {
  static const std::regex kTag(R"(<(/?)([a-z]+[0-9]?)((?:\s[^<>]*?)?)(/?)>)");
  std::stack<std::string> open;
  for (std::sregex_iterator tag(text.begin(), text.end(), kTag), end; tag != end; ++tag) {
    if ((*tag)[1] == "/") {
      ASSERT_FALSE(open.empty()) << tag->str();
      ASSERT_EQ(open.top(), (*tag)[2]);
      open.pop();
    } else if ((*tag)[4] != "/") {
      open.push((*tag)[2]);
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(MatrixSvg, DarkensCellsByWeight) {
  const auto svg = render_svg(word_matrix({"Hund", "bellt"}, {"dog"}, {0.75F, 0.25F}));
  expect_well_formed(svg);
  EXPECT_THAT(
      svg,
      HasSubstr(
          R"(fill-opacity="0.75" data-row="0" data-column="0"><title>dog – Hund: 0.75</title>)"));
  EXPECT_THAT(svg, HasSubstr(R"(fill-opacity="0.25" data-row="0" data-column="1">)"));
  EXPECT_THAT(svg, HasSubstr(">bellt</text>"));
}

TEST(MatrixSvg, LeavesOutWhatCannotBeSeen) {
  const auto svg = render_svg(word_matrix({"a", "b"}, {"c"}, {0.999F, 0.001F}));
  EXPECT_THAT(svg, HasSubstr("data-column=\"0\"><title>"));
  EXPECT_THAT(svg, Not(HasSubstr("data-column=\"1\"><title>")));
}

TEST(MatrixSvg, EscapesWords) {
  const auto svg = render_svg(word_matrix({"<b>&\"x\""}, {"</svg>\x01"}, {1}));
  expect_well_formed(svg);
  EXPECT_THAT(svg, HasSubstr(">&lt;b&gt;&amp;\"x\"</text>"));
  EXPECT_THAT(svg, HasSubstr(">&lt;/svg&gt;\uFFFD</text>"));
}

TEST(MatrixSvg, LeavesRoomForLongWords) {
  const auto width_of = [](const std::string& target) {
    const auto svg = render_svg(word_matrix({"a"}, {target}, {1}));
    return std::stod(svg.substr(svg.find("width=\"") + 7));
  };
  EXPECT_GT(width_of("Donaudampfschifffahrt"), width_of("Donau") + 100);
  EXPECT_GT(width_of("世界世界世界"), width_of("worlds") + 40);
}

TEST(MatrixSvg, SetsWideCharactersUpright) {
  const auto svg = render_svg(word_matrix({"世界", "world"}, {"a"}, {0.5F, 0.5F}));
  expect_well_formed(svg);
  EXPECT_THAT(svg, HasSubstr(">世</tspan><tspan"));
  EXPECT_THAT(svg, HasSubstr("rotate(-90"));
  EXPECT_THAT(svg, HasSubstr(">world</text>"));
}

TEST(MatrixSvg, OfNothingIsNothing) {
  EXPECT_EQ(render_svg(word_matrix({}, {"a"}, {})), "");
  EXPECT_THROW(render_svg(word_matrix({"a"}, {"b"}, {})), std::invalid_argument);
}

TEST(Page, HoldsFiguresAndNothingFromElsewhere) {
  const auto matrix = word_matrix({"a"}, {"</script>"}, {1});
  const auto page =
      page_beginning("A <title>") +
      page_figure(
          1, {"a & b", {{"<first>", "c<", matrix, {{0, 0}}, -0.5}, {"2", "d", matrix, {}, -1.5}}}) +
      page_figure(2, {"d", {{"", "e", {}, {}, std::nullopt}}}) + page_end();
  EXPECT_THAT(page, HasSubstr("<h1>A &lt;title&gt;</h1>"));
  EXPECT_THAT(page, HasSubstr("<figure data-number=\"1\" data-score=\"-1.5\">\n"));
  EXPECT_THAT(page, HasSubstr(" dir=\"auto\">a &amp; b</p>"));
  EXPECT_THAT(page, HasSubstr("<section data-score=\"-0.5\">\n<h2>&lt;first&gt;</h2>\n"
                              "<p class=\"strip\" dir=\"auto\">c&lt;</p>"));
  EXPECT_THAT(page, HasSubstr(R"({"links":[[0,0]],"source":["a"],"target":["\u003c/script>"],)"
                              R"("weights":"/w=="})"));
  EXPECT_THAT(page, HasSubstr("<figure data-number=\"2\">"));
  EXPECT_THAT(page, Not(HasSubstr("src=")));
  EXPECT_THAT(page, Not(HasSubstr("@import")));
  const std::regex address("https?://(?!www.w3.org/2000/svg)");
  EXPECT_FALSE(std::regex_search(page, address));
}

}  // namespace
}  // namespace weft
