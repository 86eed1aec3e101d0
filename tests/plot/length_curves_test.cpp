#include "plot/length_curves.h"

#include <gmock/gmock.h>

namespace weft {
namespace {

using ::testing::ElementsAre;

TEST(LengthCurves, ScoreTheLinesOfEachLength) {
  const std::vector<std::string> source{"a b", "a b c", "a", "a b c d e f g"};
  const std::vector<std::string> reference{"the red dog runs away", "one two three four five six",
                                           "a cat sleeps all day", "this line is long enough here"};
  const std::vector<std::string> first{"the red dog runs off", "one two three four five six",
                                       "a cat sleeps all night", "this line was long enough here"};
  const auto figure =
      length_curves(source, {reference}, {{"first", first}, {"second", reference}}, {2, 3, 5}, {});
  ASSERT_EQ(figure.charts.size(), 1);
  const auto& chart = figure.charts[0];
  EXPECT_THAT(chart.categories, ElementsAre("0–2", "3–3", "over 5"));  // no line has 4 or 5
  EXPECT_EQ(chart.x_title, "words of the source (lines: 2 1 1)");
  EXPECT_EQ(chart.title, "BLEU (tokenizer 13a)");
  const auto expected =
      corpus_bleu({first[0], first[2]}, {{reference[0], reference[2]}}).score;  // 0 < it < 100
  EXPECT_GT(expected, 1);
  EXPECT_LT(expected, 99);
  EXPECT_DOUBLE_EQ(chart.curves[0].points[0].y, expected);
  EXPECT_NEAR(chart.curves[0].points[1].y, 100, 1e-9);
  EXPECT_LT(chart.curves[0].points[2].y, 99);
  for (const auto& point : chart.curves[1].points) EXPECT_NEAR(point.y, 100, 1e-9);
}

}  // namespace
}  // namespace weft
