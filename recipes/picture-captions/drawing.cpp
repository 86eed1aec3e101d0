#include "picture-captions/drawing.h"

#include <array>
#include <cstdlib>

namespace weft::scenes {
namespace {

using Rgb = std::array<int, 3>;
constexpr Rgb kBackground = {240, 240, 240};
// In the order of Colour.
constexpr std::array<Rgb, kColours> kRgb = {
    {{214, 39, 40}, {245, 130, 20}, {235, 200, 20}, {44, 160, 44}, {31, 99, 200}, {130, 60, 170}}};

constexpr int kSamples = 4;           // for a pixel, in either direction
constexpr int kUnits = 2 * kSamples;  // for a pixel's width: samples lie in the middle between them
constexpr int kThickness = 2;         // of an outline, in pixels

/// The corners of a star of radius 1000, every second one inside.
constexpr std::array<std::array<int, 2>, 10> kStar = {{{0, -1000},
                                                       {225, -309},
                                                       {951, -309},
                                                       {363, 118},
                                                       {588, 809},
                                                       {0, 382},
                                                       {-588, 809},
                                                       {-363, 118},
                                                       {-951, -309},
                                                       {-225, -309}}};

/// Whether a ray to the right crosses the star's edge an odd number of times.
bool in_star(int64_t x, int64_t y, int64_t radius) {
  bool inside = false;
  for (std::size_t i = 0; i < kStar.size(); ++i) {
    const auto& a = kStar[i];
    const auto& b = kStar[(i + 1) % kStar.size()];
    const int64_t ax = a[0] * radius, ay = a[1] * radius, bx = b[0] * radius, by = b[1] * radius;
    const int64_t px = x * 1000, py = y * 1000;
    if ((ay > py) == (by > py)) continue;
    // px < ax + (py - ay) (bx - ax) / (by - ay)
    const int64_t left = (px - ax) * (by - ay), right = (py - ay) * (bx - ax);
    if (by > ay ? left < right : left > right) inside = !inside;
  }
  return inside;
}

/// Whether a point is in a shape around (0, 0) that reaches `radius` far to each side.
bool is_in(Shape shape, int x, int y, int radius) {
  const int across = std::abs(x), down = std::abs(y);
  switch (shape) {
    case Shape::kCircle:
      return x * x + y * y <= radius * radius;
    case Shape::kSquare:
      return across <= radius && down <= radius;
    case Shape::kTriangle:
      return down <= radius && 2 * across <= y + radius;
    case Shape::kDiamond:
      return across + down <= radius;
    case Shape::kCross:
      return across <= radius && down <= radius && (3 * across <= radius || 3 * down <= radius);
    case Shape::kStar:
      return in_star(x, y, radius);
  }
  return false;
}

/// How many of a pixel's samples a thing covers; `x` and `y` from its middle.
int coverage(const Kind& kind, bool filled, int x, int y) {
  int covered = 0;
  for (int i = 0; i < kSamples * kSamples; ++i) {
    const int sample_x = x * kUnits + 2 * (i % kSamples) + 1;
    const int sample_y = y * kUnits + 2 * (i / kSamples) + 1;
    const int radius = kind.radius * kUnits, inner = radius - kThickness * kUnits;
    covered += is_in(kind.shape, sample_x, sample_y, radius) &&
               (filled || !is_in(kind.shape, sample_x, sample_y, inner));
  }
  return covered;
}

void draw_group(const Group& group, bool filled, Picture& picture) {
  const Rgb& colour = kRgb[static_cast<std::size_t>(group.kind.colour)];
  constexpr int kAll = kSamples * kSamples;
  for (const Place& place : group.places) {
    const Box box = box_of(group.kind, place);
    for (int y = box.top; y < box.bottom; ++y) {
      for (int x = box.left; x < box.right; ++x) {
        const int part = coverage(group.kind, filled, x - place.x, y - place.y);
        uint8_t* pixel = picture.pixels.data() + (y * kSide + x) * 3;
        for (std::size_t k = 0; k < 3; ++k)
          pixel[k] =
              static_cast<uint8_t>((pixel[k] * (kAll - part) + colour[k] * part + kAll / 2) / kAll);
      }
    }
  }
}

}  // namespace

Picture draw(const Scene& scene) {
  Picture picture{kSide, kSide, 3, {}};
  for (int i = 0; i < kSide * kSide; ++i) {
    for (const int value : kBackground) picture.pixels.push_back(static_cast<uint8_t>(value));
  }
  for (const Group& group : scene.told) draw_group(group, true, picture);
  if (scene.outline) draw_group(*scene.outline, false, picture);
  return picture;
}

}  // namespace weft::scenes
