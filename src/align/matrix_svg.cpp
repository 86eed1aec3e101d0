#include "align/matrix_svg.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include "align/svg_text.h"
#include "base/display_width.h"

namespace weft {
namespace {

constexpr double kCellSide = 22, kFontSize = 14, kLabelGap = 6, kMargin = 8;
constexpr double kBaseline = kFontSize * 0.35;     // from the middle of a line to its letters' feet
constexpr double kUprightLine = kFontSize * 1.15;  // from one upright character to the next
constexpr float kLeastShown = 0.005F;              // lighter cells cannot be told from the paper

std::string place(std::size_t row, std::size_t column) {
  return " data-row=\"" + std::to_string(row) + "\" data-column=\"" + std::to_string(column) + '"';
}

double widest_label(const std::vector<AlignedToken>& tokens) {
  double widest = 0;
  for (const auto& token : tokens) widest = std::max(widest, label_width(token.text, kFontSize));
  return widest + kLabelGap;
}

/// Chinese, Japanese and Korean words are read from top to bottom.
bool stands_upright(std::string_view word) {
  const auto characters = visible_characters(word);
  return std::all_of(characters.begin(), characters.end(),
                     [](std::string_view character) { return display_width(character) == 2; });
}

std::string rectangle(double x, double y, double width, double height, const std::string& more) {
  return "<rect x=\"" + svg_number(x) + "\" y=\"" + svg_number(y) + "\" width=\"" +
         svg_number(width) + "\" height=\"" + svg_number(height) + '"' + more;
}

class MatrixDrawing {
 public:
  explicit MatrixDrawing(const AlignmentMatrix& matrix)
      : matrix_(matrix),
        left_(kMargin + widest_label(matrix.target)),
        top_(kMargin + widest_label(matrix.source)),
        right_(left_ + kCellSide * static_cast<double>(matrix.columns())),
        bottom_(top_ + kCellSide * static_cast<double>(matrix.rows())) {}

  std::string draw() {
    const std::string width = svg_number(right_ + kMargin), height = svg_number(bottom_ + kMargin);
    svg_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"weft-matrix\" width=\"" + width +
           "\" height=\"" + height + "\" viewBox=\"0 0 " + width + ' ' + height +
           "\" role=\"img\">\n<style>.weft-matrix text{font:" + svg_number(kFontSize) + "px " +
           std::string(kSvgFonts) +
           ";fill:#16181d}.weft-matrix .paper{fill:#fff}.weft-matrix .cell{fill:#08519c}"
           ".weft-matrix .grid{stroke:#d5d9e0;stroke-width:1;fill:none}</style>\n";
    svg_ += rectangle(0, 0, right_ + kMargin, bottom_ + kMargin, " class=\"paper\"/>\n");
    draw_grid();
    draw_labels();
    draw_cells();
    return svg_ + "</svg>\n";
  }

 private:
  double x_of(std::size_t column) const { return left_ + kCellSide * static_cast<double>(column); }
  double y_of(std::size_t row) const { return top_ + kCellSide * static_cast<double>(row); }

  void draw_grid() {
    svg_ += "<path class=\"grid\" d=\"";
    for (std::size_t row = 0; row <= matrix_.rows(); ++row)
      svg_ += 'M' + svg_number(left_) + ' ' + svg_number(y_of(row)) + 'H' + svg_number(right_);
    for (std::size_t column = 0; column <= matrix_.columns(); ++column)
      svg_ += 'M' + svg_number(x_of(column)) + ' ' + svg_number(top_) + 'V' + svg_number(bottom_);
    svg_ += "\"/>\n";
  }

  std::string rotated_label(std::size_t column) const {
    const std::string x = svg_number(x_of(column) + kCellSide / 2 + kBaseline);
    const std::string y = svg_number(top_ - kLabelGap);
    return "<text x=\"" + x + "\" y=\"" + y + "\" transform=\"rotate(-90 " + x + ' ' + y +
           ")\" data-column=\"" + std::to_string(column) + "\">" +
           xml_text(matrix_.source[column].text) + "</text>\n";
  }

  /// One character below the other.
  std::string upright_label(std::size_t column) const {
    const auto characters = visible_characters(matrix_.source[column].text);
    const std::string x = svg_number(x_of(column) + kCellSide / 2);
    std::string label =
        "<text text-anchor=\"middle\" data-column=\"" + std::to_string(column) + "\">";
    for (std::size_t i = 0; i < characters.size(); ++i) {
      const double below = kUprightLine * static_cast<double>(characters.size() - 1 - i);
      label += "<tspan x=\"" + x + "\" y=\"" + svg_number(top_ - kLabelGap - below) + "\">" +
               xml_text(characters[i]) + "</tspan>";
    }
    return label + "</text>\n";
  }

  void draw_labels() {
    for (std::size_t column = 0; column < matrix_.columns(); ++column) {
      svg_ += stands_upright(matrix_.source[column].text) ? upright_label(column)
                                                          : rotated_label(column);
    }
    for (std::size_t row = 0; row < matrix_.rows(); ++row) {
      svg_ += "<text x=\"" + svg_number(left_ - kLabelGap) + "\" y=\"" +
              svg_number(y_of(row) + kCellSide / 2 + kBaseline) +
              "\" text-anchor=\"end\" data-row=\"" + std::to_string(row) + "\">" +
              xml_text(matrix_.target[row].text) + "</text>\n";
    }
  }

  void draw_cells() {
    for (std::size_t row = 0; row < matrix_.rows(); ++row) {
      for (std::size_t column = 0; column < matrix_.columns(); ++column) {
        const float weight = matrix_.at(row, column);
        if (!(weight >= kLeastShown)) continue;
        char number[16];
        std::snprintf(number, sizeof number, "%.2f", std::min(weight, 1.0F));
        svg_ += rectangle(x_of(column) + 1, y_of(row) + 1, kCellSide - 2, kCellSide - 2,
                          " class=\"cell\" fill-opacity=\"" + std::string(number) + '"' +
                              place(row, column) + '>');
        svg_ += "<title>" + xml_text(matrix_.target[row].text) + " – " +
                xml_text(matrix_.source[column].text) + ": " + number + "</title></rect>\n";
      }
    }
  }

  const AlignmentMatrix& matrix_;
  double left_, top_, right_, bottom_;
  std::string svg_;
};

}  // namespace

std::string render_svg(const AlignmentMatrix& matrix) {
  check_matrix(matrix);
  if (matrix.rows() == 0 || matrix.columns() == 0) return "";
  return MatrixDrawing(matrix).draw();
}

}  // namespace weft
