#include <gmock/gmock.h>

#include <limits>
#include <regex>

#include "plot/axis.h"
#include "plot/chart_svg.h"
#include "plot/chart_text.h"

namespace weft {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pointwise;

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

Figure small_figure() {
  Figure figure{{"<a&b>", "second"}, {}};
  Chart chart;
  chart.title = "Loss";
  chart.x_title = "updates";
  chart.curves = {{0, "training", false, {{0, 4}, {50, 2}, {60, kGap}, {70, 2}, {100, 0}}},
                  {1, "validation", true, {{50, 3, "update 50: 3"}, {100, 1}}}};
  figure.charts.push_back(chart);
  return figure;
}

TEST(Axis, HasRoundTicksAroundAllValues) {
  EXPECT_THAT(rounded_axis(0.31, 0.57, 4).ticks,
              Pointwise(DoubleNear(1e-12), {0.3, 0.4, 0.5, 0.6}));
  EXPECT_THAT(rounded_axis(187, 3553, 5).ticks, ElementsAre(0, 1000, 2000, 3000, 4000));
  EXPECT_THAT(rounded_axis(-1, 1, 3).ticks, ElementsAre(-1, 0, 1));
  EXPECT_THAT(rounded_axis(100, 100, 4).ticks, ElementsAre(0, 50, 100));  // BLEU has no more
  EXPECT_THAT(rounded_axis(-7, -7, 4).ticks, ElementsAre(-10, -5, 0));
  EXPECT_EQ(rounded_axis(0, 0, 4).place(0), 0.5);
  EXPECT_EQ(rounded_axis(2.5e-4, 1e-3, 5).ticks.back(), 1e-3);
}

TEST(Axis, LabelsTicksBriefly) {
  EXPECT_EQ(tick_label(0.30000000000000004), "0.3");
  EXPECT_EQ(tick_label(0.0005), "0.0005");
  EXPECT_EQ(tick_label(1500), "1500");
  EXPECT_EQ(tick_label(250000), "250k");
  EXPECT_EQ(tick_label(1500000), "1.5M");
  EXPECT_EQ(tick_label(0), "0");
}

TEST(ChartSvg, DrawsCurvesWithGapsAndNamesWhatTheyAre) {
  const auto svg = figure_svg(small_figure());
  const std::regex two_strokes(
      R"(class="c0 line" style="fill:none" d="M[\d. ]+L[\d. ]+M[\d. ]+L[\d. ]+")");
  EXPECT_TRUE(std::regex_search(svg, two_strokes)) << svg;
  EXPECT_THAT(svg, HasSubstr("&lt;a&amp;b&gt;</text>"));
  EXPECT_THAT(svg, HasSubstr("<title>second, update 50: 3</title>"));
  EXPECT_THAT(svg, HasSubstr("prefers-color-scheme:dark"));
  EXPECT_THAT(svg, HasSubstr(">validation</text>"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(ChartText, DrawsEachCurveWithItsLetter) {
  const auto text = figure_text(small_figure(), {40, false});
  EXPECT_EQ(text, R"(Loss
4 ┤aa
  │  aaa
  │     aaaa
  │         aaa      B
  │            aaa
  │               aaa
2 ┤                  a      aa
  │                           aa
  │                             aa    B
  │                               aa
  │                                 aa
0 ┤                                   a
  └────────────────────────────────────
   0                50              100
   updates
   a  <a&b>, training
   B  second, validation
)");
}

}  // namespace
}  // namespace weft
