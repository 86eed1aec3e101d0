#include "plot/chart_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "align/escapes.h"
#include "base/display_width.h"
#include "plot/axis.h"

namespace weft {
namespace {

constexpr std::size_t kRows = 12;          // of cells
constexpr std::size_t kLeastColumns = 20;  // of cells, however narrow the terminal

/// Runs beyond the alphabet share letters; their colours and the list below tell them apart.
char letter_of(const Curve& curve) {
  const auto k = curve.run % 26;
  return static_cast<char>((curve.has_marks ? 'A' : 'a') + static_cast<char>(k));
}

class TextChart {
 public:
  TextChart(const Figure& figure, const Chart& chart, const ChartTextOptions& options)
      : figure_(figure), chart_(chart), options_(options), axes_(axes_of(chart, 5, 4)) {
    for (const double tick : axes_.y.ticks)
      left_ = std::max(left_, display_width(tick_label(tick)) + 1);
    columns_ = std::max(kLeastColumns + left_ + 2, options.width) - left_ - 2;
    cells_.assign(kRows, std::vector<const Curve*>(columns_, nullptr));
    for (const auto& curve : chart.curves) draw(curve);
  }

  std::string text() const {
    std::string text = chart_.title + '\n';
    for (std::size_t row = 0; row < kRows; ++row) text += row_text(row) + '\n';
    text += std::string(left_, ' ') + "└" + repeated("─", columns_) + '\n' + x_labels() + '\n';
    for (const auto& curve : chart_.curves) {
      text += std::string(left_ + 1, ' ') + coloured(curve, std::string(1, letter_of(curve))) +
              "  " + shown(figure_.runs[curve.run]) +
              (curve.kind.empty() ? "" : ", " + curve.kind) + '\n';
    }
    return text;
  }

 private:
  std::size_t column_of(double x) const {
    return static_cast<std::size_t>(
        std::lround(axes_.x.place(x) * static_cast<double>(columns_ - 1)));
  }
  std::size_t row_of(double y) const {
    return static_cast<std::size_t>(std::lround((1 - axes_.y.place(y)) * (kRows - 1)));
  }

  /// A cell in every column from a point to the next; of marks the points alone.
  void draw(const Curve& curve) {
    const CurvePoint* before = nullptr;
    for (const auto& point : curve.points) {
      if (!std::isfinite(point.y)) {
        before = nullptr;
        continue;
      }
      const auto column = column_of(point.x);
      if (before != nullptr && !curve.has_marks) {
        for (auto between = column_of(before->x) + 1; between < column; ++between) {
          const double part = static_cast<double>(between - column_of(before->x)) /
                              static_cast<double>(column - column_of(before->x));
          cells_[row_of(before->y + part * (point.y - before->y))][between] = &curve;
        }
      }
      cells_[row_of(point.y)][column] = &curve;
      before = &point;
    }
  }

  std::string row_text(std::size_t row) const {
    std::string label;
    for (const double tick : axes_.y.ticks)
      if (row_of(tick) == row) label = tick_label(tick);
    std::string text = pad_left_to_width(label, left_ - 1) + ' ' + (label.empty() ? "│" : "┤");
    std::string cells;
    for (const auto* curve : cells_[row])
      cells += curve == nullptr ? " " : coloured(*curve, std::string(1, letter_of(*curve)));
    cells.erase(cells.find_last_not_of(' ') + 1);
    return text + cells;
  }

  /// Those that fit, each under its place, and what they count.
  std::string x_labels() const {
    std::string line;
    std::size_t end = 0;
    for (std::size_t k = 0; k < axes_.x.ticks.size(); ++k) {
      const double tick = axes_.x.ticks[k];
      const auto label = chart_.categories.empty() ? tick_label(tick) : chart_.categories[k];
      const auto width = display_width(label);
      const auto middle = left_ + 1 + column_of(tick);
      auto begin = middle > width / 2 ? middle - width / 2 : 0;
      begin = std::min(begin, left_ + 1 + columns_ - std::min(columns_, width));
      if (k > 0 && begin < end + 1) continue;
      line += std::string(begin - end, ' ') + label;
      end = begin + width;
    }
    return line + '\n' + std::string(left_ + 1, ' ') + chart_.x_title;
  }

  std::string coloured(const Curve& curve, const std::string& text) const {
    // Those of a terminal's sixteen that can be read on black and on white.
    static constexpr std::array kTerminalColours{34, 31, 32, 35, 36, 33};
    if (!options_.colour) return text;
    return "\x1b[" + std::to_string(kTerminalColours.at(curve.run % kTerminalColours.size())) +
           'm' + text + "\x1b[0m";
  }

  static std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t k = 0; k < count; ++k) all += text;
    return all;
  }

  const Figure& figure_;
  const Chart& chart_;
  const ChartTextOptions& options_;
  Axes axes_;
  std::size_t left_ = 0, columns_ = 0;
  std::vector<std::vector<const Curve*>> cells_;  // [kRows, columns_]
};

}  // namespace

std::string figure_text(const Figure& figure, const ChartTextOptions& options) {
  std::string text;
  for (const auto& chart : figure.charts) {
    if (!text.empty()) text += '\n';
    text += TextChart(figure, chart, options).text();
  }
  return text;
}

}  // namespace weft
