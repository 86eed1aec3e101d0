#include "media/attention_picture.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "media/resize.h"

namespace weft {
namespace {

constexpr int kGap = 4;                           // pixels between tiles
constexpr int kDarkened = 102, kBrightest = 230;  // of 255: 40 and 90 per cent

/// Where a pixel is between the middles of two cells.
struct BetweenCells {
  std::size_t first = 0, second = 0;
  double part = 0;  ///< of the second
};

BetweenCells between_cells(int64_t pixel, int64_t pixels, int64_t cells) {
  const double place = (static_cast<double>(pixel) + 0.5) * static_cast<double>(cells) /
                           static_cast<double>(pixels) -
                       0.5;
  const double inside = std::clamp(place, 0.0, static_cast<double>(cells - 1));
  const double first = std::floor(inside);
  const auto index = static_cast<std::size_t>(first);
  return {index, std::min(index + 1, static_cast<std::size_t>(cells - 1)), inside - first};
}

void paste(const Picture& tile, Picture& sheet, int64_t left, int64_t top) {
  for (int64_t y = 0; y < tile.height; ++y) {
    const auto* row = tile.pixels.data() + y * tile.width * 3;
    std::copy(row, row + tile.width * 3,
              sheet.pixels.data() + ((top + y) * sheet.width + left) * 3);
  }
}

Picture coloured(const Picture& picture) {
  if (picture.channels == 3) return picture;
  Picture colours{picture.height, picture.width, 3, {}};
  for (const uint8_t value : picture.pixels) colours.pixels.insert(colours.pixels.end(), 3, value);
  return colours;
}

}  // namespace

Picture shown_picture(const Picture& picture, const ImageOptions& options, int64_t side) {
  const bool stretches = options.resize == ImageResize::kStretch;
  const Picture whole = stretches ? picture : fit_picture(picture, options);
  const double scale = std::min(
      1.0, static_cast<double>(side) / static_cast<double>(std::max(whole.height, whole.width)));
  const auto scaled = [&](int64_t size) {
    return std::max<int64_t>(1, std::llround(static_cast<double>(size) * scale));
  };
  const PictureBox box{0, 0, static_cast<double>(whole.width), static_cast<double>(whole.height)};
  return coloured(resize(whole, box, scaled(whole.height), scaled(whole.width)));
}

Picture spectrum_picture(const float* vectors, int64_t frames, int64_t width) {
  const auto [least, most] = std::minmax_element(vectors, vectors + frames * width);
  const float range = std::max(*most - *least, 1e-6F);
  Picture picture{width, frames, 1, {}};
  for (int64_t y = 0; y < width; ++y) {
    for (int64_t t = 0; t < frames; ++t) {
      const float part = (vectors[t * width + (width - 1 - y)] - *least) / range;
      picture.pixels.push_back(static_cast<uint8_t>(std::lround(part * 255)));
    }
  }
  return picture;
}

Picture attention_light(const GridAttention& attention, std::size_t word, int64_t height,
                        int64_t width) {
  check_grid(attention);
  const auto weights = relative_weights(attention, word);
  const auto columns = static_cast<std::size_t>(attention.columns);
  Picture light{height, width, 1, {}};
  for (int64_t y = 0; y < height; ++y) {
    const BetweenCells down = between_cells(y, height, attention.rows);
    for (int64_t x = 0; x < width; ++x) {
      const BetweenCells across = between_cells(x, width, attention.columns);
      const auto in_row = [&](std::size_t row) {
        const float* cells = weights.data() + row * columns;
        return cells[across.first] * (1 - across.part) + cells[across.second] * across.part;
      };
      const double weight = in_row(down.first) * (1 - down.part) + in_row(down.second) * down.part;
      light.pixels.push_back(static_cast<uint8_t>(std::lround(weight * 255)));
    }
  }
  return light;
}

Picture attention_tile(const Picture& picture, const GridAttention& attention, std::size_t word) {
  Picture tile = coloured(picture);
  const Picture light = attention_light(attention, word, tile.height, tile.width);
  for (std::size_t i = 0; i < tile.pixels.size(); ++i) {
    const int dark = tile.pixels[i] * kDarkened / 255;
    const int opacity = light.pixels[i / 3] * kBrightest / 255;
    tile.pixels[i] = static_cast<uint8_t>((dark * (255 - opacity) + 255 * opacity) / 255);
  }
  return tile;
}

Picture attention_sheet(const Picture& picture, const GridAttention& attention, int64_t in_row) {
  check_grid(attention);
  const auto tiles = static_cast<int64_t>(attention.words.size()) + 1;
  const int64_t across = std::min(in_row, tiles), down = (tiles + in_row - 1) / in_row;
  Picture sheet{
      down * (picture.height + kGap) + kGap, across * (picture.width + kGap) + kGap, 3, {}};
  sheet.pixels.assign(static_cast<std::size_t>(sheet.height * sheet.width * 3), 255);
  for (int64_t i = 0; i < tiles; ++i) {
    const Picture tile = i == 0
                             ? coloured(picture)
                             : attention_tile(picture, attention, static_cast<std::size_t>(i - 1));
    paste(tile, sheet, kGap + i % in_row * (picture.width + kGap),
          kGap + i / in_row * (picture.height + kGap));
  }
  return sheet;
}

}  // namespace weft
