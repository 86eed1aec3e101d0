// Attention over pictures and sound as SVG and HTML.

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "align/svg_text.h"
#include "base/display_width.h"
#include "media/attention_picture.h"
#include "media/picture_writer.h"

namespace weft {
namespace {

constexpr double kTileWidth = 160, kTileGap = 10, kTileFont = 14;
constexpr int64_t kTilesInRow = 6;

std::string attribute(const std::string& name, double number) {
  return ' ' + name + "=\"" + svg_number(number) + '"';
}

std::string box_attributes(double x, double y, double width, double height) {
  return attribute("x", x) + attribute("y", y) + attribute("width", width) +
         attribute("height", height);
}

/// The word's weights as a white PNG, which whoever shows it makes larger, and smooth. Four pixels
/// a cell: how a browser smooths the edges of larger ones is its own affair.
std::string light_uri(const GridAttention& attention, std::size_t word) {
  constexpr int64_t kPixels = 4;
  return data_uri("image/png",
                  encode_white_png(attention_light(attention, word, attention.rows * kPixels,
                                                   attention.columns * kPixels)));
}

std::string svg_begin(double width, double height, const std::string& style) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\"" + attribute("width", width) +
         attribute("height", height) + " viewBox=\"0 0 " + svg_number(width) + ' ' +
         svg_number(height) + "\" role=\"img\">\n<style>text{font:" + svg_number(kTileFont) +
         "px " + std::string(kSvgFonts) + ";fill:#16181d}" + style +
         "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
}

/// A word in the middle under a tile, cut where it is wider.
std::string tile_label(const std::string& word, double x, double y) {
  const auto columns = static_cast<std::size_t>(kTileWidth / label_width("m", kTileFont));
  return "<text" + attribute("x", x) + attribute("y", y) + " text-anchor=\"middle\">" +
         xml_text(truncate_to_width(word, columns)) + "</text>\n";
}

/// 1, 2 or 5 times a power of ten, such that at most ten such steps fit.
double tick_step(double seconds) {
  const double power = std::pow(10, std::floor(std::log10(seconds / 10)));
  for (const double step : {1.0, 2.0, 5.0, 10.0}) {
    if (seconds / (step * power) <= 10) return step * power;
  }
  return 10 * power;
}

/// Words against time: the weights of each as a strip of grey, some pixels high so that programs
/// that smooth pictures do not mix neighbours.
Picture time_matrix(const GridAttention& attention) {
  constexpr int kHeight = 8;
  const auto words = static_cast<int64_t>(attention.words.size());
  Picture matrix{words * kHeight, attention.columns, 1, {}};
  for (std::size_t word = 0; word < attention.words.size(); ++word) {
    const auto weights = relative_weights(attention, word);
    for (int line = 0; line < kHeight; ++line) {
      for (const float weight : weights)
        matrix.pixels.push_back(static_cast<uint8_t>(std::lround(weight * 255)));
    }
  }
  return matrix;
}

/// As JPEG or PNG, whichever is smaller: drawings are better off as PNG.
std::string picture_uri(const Picture& picture) {
  const std::string jpeg = encode_jpeg(picture), png = encode_png(picture);
  return jpeg.size() < png.size() ? data_uri("image/jpeg", jpeg) : data_uri("image/png", png);
}

std::string image(const std::string& uri, double x, double y, double width, double height,
                  const std::string& more = "") {
  return "<image" + box_attributes(x, y, width, height) + " preserveAspectRatio=\"none\" href=\"" +
         uri + '"' + more + "/>\n";
}

constexpr std::string_view kAttentionStyle = R"(
:root{color-scheme:light dark;--paper:#fff;--ink:#16181d;--lit:#fff3c4}
@media(prefers-color-scheme:dark){:root{--paper:#15181e;--ink:#e8eaf0;--lit:#4a3f10}}
body{margin:1.5rem;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,'Noto Sans','DejaVu Sans',sans-serif}
h1{font-size:1.1rem}
figure{position:relative;margin:0 0 1rem}
.under,.light{width:min(100%,var(--width)*1px);aspect-ratio:var(--width)/var(--height)}
.under{display:block;margin-bottom:1rem}
.light{position:absolute;left:0;top:0}
.word{cursor:default;padding:.2rem .3rem;border-radius:.3rem;unicode-bidi:isolate}
.word .light{display:none;background:rgba(0,0,0,.6)}
.word .light img{display:block;width:100%;height:100%;opacity:.9}
.word:hover,.word:focus{background:var(--lit);outline:2px solid currentColor}
.word:hover .light,.word:focus .light{display:block}
.tiles{overflow-x:auto}
)";

}  // namespace

std::string attention_svg(const Picture& picture, const GridAttention& attention) {
  check_grid(attention);
  const double tile_height =
      kTileWidth * static_cast<double>(picture.height) / static_cast<double>(picture.width);
  const double step_x = kTileWidth + kTileGap, step_y = tile_height + kTileFont + 2 * kTileGap;
  const auto tiles = static_cast<int64_t>(attention.words.size()) + 1;
  const auto across = static_cast<double>(std::min(kTilesInRow, tiles));
  const auto down = static_cast<double>((tiles + kTilesInRow - 1) / kTilesInRow);
  std::string svg = svg_begin(across * step_x + kTileGap, down * step_y + kTileGap, "");
  svg += "<defs><image id=\"picture\"" + box_attributes(0, 0, kTileWidth, tile_height) +
         " preserveAspectRatio=\"none\" href=\"" + picture_uri(picture) + "\"/></defs>\n";
  for (int64_t i = 0; i < tiles; ++i) {
    const double x = kTileGap + static_cast<double>(i % kTilesInRow) * step_x;
    const double y = kTileGap + static_cast<double>(i / kTilesInRow) * step_y;
    svg += "<use href=\"#picture\"" + attribute("x", x) + attribute("y", y) + "/>\n";
    if (i == 0) continue;
    const auto word = static_cast<std::size_t>(i - 1);
    svg += "<rect" + box_attributes(x, y, kTileWidth, tile_height) + " fill-opacity=\"0.6\"/>\n" +
           image(light_uri(attention, word), x, y, kTileWidth, tile_height, " opacity=\"0.9\"") +
           tile_label(attention.words[word], x + kTileWidth / 2, y + tile_height + kTileFont + 2);
  }
  return svg + "</svg>\n";
}

std::string attention_page(const std::string& title, const Picture& picture,
                           const GridAttention& attention, const std::string& svg) {
  check_grid(attention);
  constexpr double kWidth = 480, kLeastHeight = 120;
  const double height = std::max(kLeastHeight, kWidth * static_cast<double>(picture.height) /
                                                   static_cast<double>(picture.width));
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
      xml_text(title) + "</title>\n<style>" + std::string(kAttentionStyle) +
      "</style>\n<h1 dir=\"auto\">" + xml_text(title) +
      "</h1>\n<figure style=\"--width:" + svg_number(kWidth) + ";--height:" + svg_number(height) +
      "\">\n<img class=\"under\" alt=\"\" src=\"" + picture_uri(picture) + "\">\n<div>\n";
  for (std::size_t word = 0; word < attention.words.size(); ++word) {
    page += "<span class=\"word\" tabindex=\"0\">" + xml_text(attention.words[word]) +
            "<span class=\"light\"><img alt=\"\" src=\"" + light_uri(attention, word) +
            "\"></span></span>\n";
  }
  return page + "</div>\n</figure>\n<div class=\"tiles\">\n" + svg + "</div>\n</html>\n";
}

std::string sound_attention_svg(const Picture& spectrum, const GridAttention& attention,
                                double seconds) {
  check_grid(attention);
  if (attention.rows != 1) throw std::invalid_argument("sound has one row");
  constexpr double kPlotWidth = 800, kSpectrumHeight = 120, kStrip = 22;
  double left = 0;
  for (const auto& word : attention.words) left = std::max(left, label_width(word, kTileFont));
  left += 2 * kTileGap;
  const double top = kTileGap + kSpectrumHeight + kTileGap;
  const double bottom = top + kStrip * static_cast<double>(attention.words.size());
  std::string svg =
      svg_begin(left + kPlotWidth + 3 * kTileGap, bottom + 4 * kTileGap, "path{stroke:#16181d}");
  svg += image(data_uri("image/png", encode_png(spectrum)), left, kTileGap, kPlotWidth,
               kSpectrumHeight);
  svg += image(data_uri("image/png", encode_png(time_matrix(attention))), left, top, kPlotWidth,
               bottom - top, " style=\"image-rendering:pixelated\"");
  for (std::size_t word = 0; word < attention.words.size(); ++word) {
    svg += "<text" + attribute("x", left - kTileGap) +
           attribute("y", top + kStrip * (static_cast<double>(word) + 0.7)) +
           " text-anchor=\"end\">" + xml_text(attention.words[word]) + "</text>\n";
  }
  const double step = tick_step(seconds);
  for (int tick = 0; step * tick <= seconds; ++tick) {
    const double x = left + kPlotWidth * step * tick / seconds;
    svg += "<path d=\"M" + svg_number(x) + ' ' + svg_number(bottom) + "v6\"/>\n<text" +
           attribute("x", x) + attribute("y", bottom + 22) + " text-anchor=\"middle\">" +
           svg_number(step * tick) + (tick == 0 ? " s" : "") + "</text>\n";
  }
  return svg + "</svg>\n";
}

}  // namespace weft
