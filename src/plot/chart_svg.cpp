#include "plot/chart_svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "align/svg_text.h"
#include "plot/axis.h"

namespace weft {
namespace {

constexpr double kWidth = 460, kHeight = 300;  // of a chart with its labels
constexpr double kFont = 13, kLine = 20;       // pixels
constexpr double kAbove = 34, kBelow = 46, kRight = 14, kMargin = 12;

constexpr std::size_t kColours = 8;
constexpr std::array<std::string_view, kColours> kLight{"#08519c", "#a8201a", "#1b6e3c", "#7a3e9d",
                                                        "#835400", "#006a73", "#a0216c", "#4d5461"};
constexpr std::array<std::string_view, kColours> kDark{"#7cc4ff", "#ffab9f", "#7fd99b", "#d9b0f7",
                                                       "#f2c46d", "#6fdbe6", "#ff9fd0", "#c3cad6"};
constexpr std::size_t kMarks = 5;
static_assert(kColours * kMarks == kMostRuns);

/// What differs between light and dark; without variables, which not every reader of SVG knows.
std::string scheme(const std::array<std::string_view, kColours>& colours, const std::string& paper,
                   const std::string& ink, const std::string& lines) {
  std::string rules = ".weft-plot text{fill:" + ink + "}.weft-plot .paper{fill:" + paper +
                      "}.weft-plot .grid{stroke:" + lines + "}.weft-plot .axis{stroke:" + ink + '}';
  for (std::size_t k = 0; k < kColours; ++k) {
    const auto colour = std::string(colours.at(k));
    rules += ".weft-plot .c" + std::to_string(k) + "{stroke:" + colour + ";fill:" + colour + '}';
  }
  return rules;
}

std::string style() {
  return "<style>\n" + scheme(kLight, "#fff", "#16181d", "#d5d9e0") +
         "\n@media(prefers-color-scheme:dark){" + scheme(kDark, "#15181e", "#e8eaf0", "#3a4150") +
         "}\n.weft-plot text{font:" + svg_number(kFont) + "px " + std::string(kSvgFonts) +
         "}\n.weft-plot .title{font-weight:600}"
         "\n.weft-plot .line{fill:none;stroke-width:1.7;stroke-linejoin:round}"
         "\n.weft-plot .dashed{stroke-dasharray:5 3}\n</style>\n";
}

std::string label(double x, double y, const std::string& more, const std::string& text) {
  return "<text x=\"" + svg_number(x) + "\" y=\"" + svg_number(y) + '"' + more + '>' +
         xml_text(text) + "</text>\n";
}

std::string colour_class(std::size_t run) { return "c" + std::to_string(run % kColours); }

/// A disc, square, triangle, diamond or triangle on its head around a point.
std::string mark(std::size_t run, double x, double y, const std::string& told) {
  static constexpr std::array<std::string_view, kMarks> kShapes{
      "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0-7.2 0z", "m-3.2-3.2h6.4v6.4h-6.4z",
      "m0-4.4l4.2 7.4h-8.4z", "m0-4.6l4.6 4.6l-4.6 4.6l-4.6-4.6z", "m0 4.4l4.2-7.4h-8.4z"};
  const auto shape = std::string(kShapes.at(run % kMarks));
  const auto title = told.empty() ? "" : "<title>" + xml_text(told) + "</title>";
  return "<path class=\"" + colour_class(run) + "\" d=\"M" + svg_number(x) + ' ' + svg_number(y) +
         shape + "\">" + title + "</path>\n";
}

class ChartDrawing {
 public:
  ChartDrawing(const Figure& figure, const Chart& chart, double x, double y)
      : figure_(figure), chart_(chart), axes_(axes_of(chart, 6, 6)) {
    double widest = 0;
    for (const double tick : axes_.y.ticks)
      widest = std::max(widest, label_width(tick_label(tick), kFont));
    left_ = x + widest + 10;
    right_ = x + kWidth - kRight;
    top_ = y + kAbove;
    bottom_ = y + kHeight - kBelow;
  }

  std::string draw() {
    svg_ += label(left_, top_ - 12, " class=\"title\"", chart_.title);
    draw_axes();
    for (const auto& curve : chart_.curves) draw_curve(curve);
    return svg_;
  }

 private:
  double x_of(double x) const { return left_ + (right_ - left_) * axes_.x.place(x); }
  double y_of(double y) const { return bottom_ - (bottom_ - top_) * axes_.y.place(y); }

  void draw_axes() {
    svg_ += "<path class=\"grid\" d=\"";
    for (const double tick : axes_.y.ticks)
      svg_ += 'M' + svg_number(left_) + ' ' + svg_number(y_of(tick)) + 'H' + svg_number(right_);
    svg_ += "\"/>\n<path class=\"axis\" fill=\"none\" d=\"M" + svg_number(left_) + ' ' +
            svg_number(top_) + 'V' + svg_number(bottom_) + 'H' + svg_number(right_);
    for (const double tick : axes_.x.ticks)
      svg_ += 'M' + svg_number(x_of(tick)) + ' ' + svg_number(bottom_) + "v5";
    svg_ += "\"/>\n";
    for (const double tick : axes_.y.ticks)
      svg_ += label(left_ - 6, y_of(tick) + kFont * 0.35, " text-anchor=\"end\"", tick_label(tick));
    for (std::size_t k = 0; k < axes_.x.ticks.size(); ++k) {
      const double tick = axes_.x.ticks[k];
      svg_ += label(x_of(tick), bottom_ + 18, " text-anchor=\"middle\"",
                    chart_.categories.empty() ? tick_label(tick) : chart_.categories[k]);
    }
    svg_ += label((left_ + right_) / 2, bottom_ + 38, " text-anchor=\"middle\"", chart_.x_title);
  }

  void draw_curve(const Curve& curve) {
    std::string path, marks;
    bool is_down = false;  // the pen
    for (const auto& point : curve.points) {
      if (!std::isfinite(point.y)) {
        is_down = false;
        continue;
      }
      const double x = x_of(point.x), y = y_of(point.y);
      path += (is_down ? 'L' : 'M') + svg_number(x) + ' ' + svg_number(y);
      is_down = true;
      if (!curve.has_marks) continue;
      marks += mark(curve.run, x, y,
                    figure_.runs[curve.run] + (point.note.empty() ? "" : ", ") + point.note);
    }
    // The class "line" says last that a line is not filled.
    svg_ += "<path class=\"" + colour_class(curve.run) + (curve.has_marks ? " dashed" : "") +
            " line\" style=\"fill:none\" d=\"" + path + "\"/>\n" + marks;
  }

  const Figure& figure_;
  const Chart& chart_;
  Axes axes_;
  double left_, right_, top_, bottom_;
  std::string svg_;
};

/// Which runs are which colours, and which lines are which kinds; in rows as wide as the figure.
class Legend {
 public:
  Legend(const Figure& figure, double width) : width_(width) {
    const bool has_marks = any_curve(figure, [](const Curve& curve) { return curve.has_marks; });
    for (std::size_t run = 0; run < figure.runs.size(); ++run) {
      const auto sample = "<path class=\"" + colour_class(run) +
                          " line\" style=\"fill:none\" d=\"M" + place(0) + "h26\"/>\n" +
                          (has_marks ? mark(run, x_ + 13, middle(), "") : "");
      add(sample, figure.runs[run]);
    }
    for (const std::string kind : {"training", "validation"}) {
      const bool is_drawn =
          any_curve(figure, [&](const Curve& curve) { return curve.kind == kind; });
      if (!is_drawn) continue;
      const auto dashed = kind == "validation" ? " dashed" : "";
      add("<path class=\"axis line" + std::string(dashed) + "\" d=\"M" + place(0) + "h26\"/>\n",
          kind);
    }
  }
  const std::string& svg() const { return svg_; }
  double height() const { return y_ + kLine + 4; }

 private:
  template <class Holds>
  static bool any_curve(const Figure& figure, Holds holds) {
    for (const auto& chart : figure.charts)
      if (std::any_of(chart.curves.begin(), chart.curves.end(), holds)) return true;
    return false;
  }
  double middle() const { return y_ + kLine / 2; }
  std::string place(double further) const {
    return svg_number(x_ + further) + ' ' + svg_number(middle());
  }
  void add(const std::string& sample, const std::string& text) {
    svg_ += sample + label(x_ + 32, middle() + kFont * 0.35, "", text);
    x_ += 32 + label_width(text, kFont) + 20;
    if (x_ < width_ - 150) return;
    x_ = kMargin;
    y_ += kLine;
  }

  double width_;
  double x_ = kMargin, y_ = kMargin;
  std::string svg_;
};

}  // namespace

std::string figure_svg(const Figure& figure) {
  if (figure.charts.empty()) throw std::invalid_argument("a figure without charts");
  if (figure.runs.size() > kMostRuns) throw std::invalid_argument("too many runs for a figure");
  const std::size_t beside = std::min<std::size_t>(2, figure.charts.size());
  const double width = kWidth * static_cast<double>(beside) + kMargin;
  const Legend legend(figure, width);
  const auto rows = static_cast<double>((figure.charts.size() + beside - 1) / beside);
  const auto right = svg_number(width), below = svg_number(legend.height() + rows * kHeight);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"weft-plot\" width=\"" +
                    right + "\" height=\"" + below + "\" viewBox=\"0 0 " + right + ' ' + below +
                    "\" role=\"img\">\n" + style() +
                    "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n" + legend.svg();
  for (std::size_t k = 0; k < figure.charts.size(); ++k) {
    const double x = kMargin / 2 + kWidth * static_cast<double>(k % beside);
    const double y = legend.height() + kHeight * static_cast<double>(k / beside);
    svg += ChartDrawing(figure, figure.charts[k], x, y).draw();
  }
  return svg + "</svg>\n";
}

}  // namespace weft
