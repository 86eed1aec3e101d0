#include "align/shading.h"

#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "align/text_renderer.h"

namespace weft {
namespace {

/// From `weight` on, a cell looks like this.
struct Shade {
  float weight;
  std::string_view cell;
};

// Narrow steps where attention is spread, wide ones where it is clear anyway.
constexpr std::array<Shade, 5> kShades{
    {{0.0F, "· "}, {0.05F, "░░"}, {0.2F, "▒▒"}, {0.4F, "▓▓"}, {0.7F, "██"}}};

// Ten equal steps of weight in the 256-colour palette, from black over blue and green to yellow:
// brighter at every step, so that it also reads without colour vision.
constexpr std::array<int, 10> kPalette{234, 54, 24, 61, 31, 36, 42, 149, 221, 228};
constexpr std::size_t kFirstLightColour = 5;  // from here on, black digits are easier to read

std::size_t shade_of(float weight) {
  std::size_t shade = 0;
  while (shade + 1 < kShades.size() && weight >= kShades[shade + 1].weight) ++shade;
  return shade;
}

std::size_t colour_of(float weight) {
  const auto steps = static_cast<float>(kPalette.size());
  std::size_t step = 0;
  while (step + 1 < kPalette.size() && weight * steps >= static_cast<float>(step + 1)) ++step;
  return step;
}

std::string escape(std::size_t colour) {
  const std::string digits = colour < kFirstLightColour ? "15" : "16";
  return "\x1b[38;5;" + digits + ";48;5;" + std::to_string(kPalette[colour]) + "m";
}

/// Per cent from the left edge of the cell, where guides end; "·" for what rounds to nothing.
std::string number_cell(float weight) {
  const long percent = std::lround(weight * 100);
  return percent == 0 ? "·" : std::to_string(percent);
}

}  // namespace

void add_cell(PictureLine& line, float weight, const CellStyle& style) {
  std::string cell;
  if (style.numbers) {
    cell = number_cell(weight);
  } else if (!style.colour) {
    cell = kShades[shade_of(weight)].cell;
  }
  cell = pad_to_width(cell, style.width);
  if (style.colour) {
    line.add_coloured(cell, escape(colour_of(weight)));
  } else {
    line.add(cell);
  }
}

void add_guide(PictureLine& line, const CellStyle& style) {
  constexpr std::string_view kGrey = "\x1b[38;5;244m";
  const std::string guide = pad_to_width("│", style.width);
  if (style.colour) {
    line.add_coloured(guide, kGrey);
  } else {
    line.add(guide);
  }
}

}  // namespace weft
