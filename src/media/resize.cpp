#include "media/resize.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace weft {
namespace {

// Pillow computes in whole numbers: weights of 22 bits behind the point, 8-bit pixels in between.
constexpr int kWeightBits = 32 - 8 - 2;

/// Which pixels of a line one new pixel is made of.
struct PixelWeights {
  int64_t first = 0;
  std::vector<int32_t> weights;
};

/// For each of `count` new pixels of a line, which stand for [begin, end) of its `size` old ones:
/// a triangle as wide as two new pixels, or two old ones if these are wider.
std::vector<PixelWeights> weigh_pixels(int64_t size, double begin, double end, int64_t count) {
  const double scale = (end - begin) / static_cast<double>(count);
  const double support = std::max(scale, 1.0);
  std::vector<PixelWeights> all(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double center = begin + (static_cast<double>(i) + 0.5) * scale;
    const auto first = std::max<int64_t>(0, static_cast<int64_t>(center - support + 0.5));
    const auto last = std::min(size, static_cast<int64_t>(center + support + 0.5));
    std::vector<double> weights;
    double sum = 0;
    for (int64_t x = first; x < last; ++x) {
      const double distance = std::abs((static_cast<double>(x) - center + 0.5) / support);
      weights.push_back(std::max(0.0, 1.0 - distance));
      sum += weights.back();
    }
    all[i].first = first;
    for (const double weight : weights) {
      const double scaled = (sum != 0 ? weight / sum : weight) * (1 << kWeightBits);
      all[i].weights.push_back(static_cast<int32_t>(scaled + 0.5));
    }
  }
  return all;
}

/// Lines of pixels where `step` lies between one number and the same of the next pixel.
void resize_line(const uint8_t* line, int64_t step, const std::vector<PixelWeights>& weights,
                 uint8_t* out, int64_t out_step) {
  for (const PixelWeights& pixel : weights) {
    int32_t sum = 1 << (kWeightBits - 1);
    const uint8_t* in = line + pixel.first * step;
    for (const int32_t weight : pixel.weights) {
      sum += *in * weight;
      in += step;
    }
    *out = static_cast<uint8_t>(std::clamp(sum >> kWeightBits, 0, 255));
    out += out_step;
  }
}

Picture blank_picture(int64_t height, int64_t width, int64_t channels) {
  return {height, width, channels,
          std::vector<uint8_t>(static_cast<std::size_t>(height * width * channels))};
}

PictureBox whole(const Picture& picture) {
  return {0, 0, static_cast<double>(picture.width), static_cast<double>(picture.height)};
}

/// The largest box of the proportions, in the middle.
PictureBox middle(const Picture& picture, const ImageOptions& options) {
  const auto height = static_cast<double>(picture.height),
             width = static_cast<double>(picture.width);
  const double ratio = static_cast<double>(options.width) / static_cast<double>(options.height);
  const double box_width = std::min(width, height * ratio);
  const double box_height = std::min(height, width / ratio);
  const double left = (width - box_width) / 2, top = (height - box_height) / 2;
  return {left, top, left + box_width, top + box_height};
}

Picture with_black_sides(const Picture& picture, const ImageOptions& options) {
  const double scale =
      std::min(static_cast<double>(options.height) / static_cast<double>(picture.height),
               static_cast<double>(options.width) / static_cast<double>(picture.width));
  const auto scaled = [&](int64_t size, int64_t most) {
    return std::clamp<int64_t>(std::llround(static_cast<double>(size) * scale), 1, most);
  };
  const Picture inner = resize(picture, whole(picture), scaled(picture.height, options.height),
                               scaled(picture.width, options.width));
  Picture outer = blank_picture(options.height, options.width, picture.channels);
  const int64_t top = (outer.height - inner.height) / 2, left = (outer.width - inner.width) / 2;
  for (int64_t y = 0; y < inner.height; ++y) {
    const auto* row = inner.pixels.data() + y * inner.width * inner.channels;
    std::copy(row, row + inner.width * inner.channels,
              outer.pixels.data() + ((top + y) * outer.width + left) * outer.channels);
  }
  return outer;
}

}  // namespace

Picture resize(const Picture& picture, const PictureBox& box, int64_t height, int64_t width) {
  const bool is_whole = box.left == 0 && box.top == 0 &&
                        box.right == static_cast<double>(picture.width) &&
                        box.bottom == static_cast<double>(picture.height);
  if (is_whole && height == picture.height && width == picture.width) return picture;
  const int64_t channels = picture.channels;
  Picture across = blank_picture(picture.height, width, channels);
  const auto horizontal = weigh_pixels(picture.width, box.left, box.right, width);
  for (int64_t y = 0; y < picture.height; ++y) {
    for (int64_t k = 0; k < channels; ++k)
      resize_line(picture.pixels.data() + y * picture.width * channels + k, channels, horizontal,
                  across.pixels.data() + y * width * channels + k, channels);
  }
  Picture resized = blank_picture(height, width, channels);
  const auto vertical = weigh_pixels(picture.height, box.top, box.bottom, height);
  for (int64_t x = 0; x < width * channels; ++x)
    resize_line(across.pixels.data() + x, width * channels, vertical, resized.pixels.data() + x,
                width * channels);
  return resized;
}

Picture fit_picture(const Picture& picture, const ImageOptions& options) {
  const Picture coloured = options.channels == 1 ? to_grey(picture) : picture;
  switch (options.resize) {
    case ImageResize::kStretch:
      return resize(coloured, whole(coloured), options.height, options.width);
    case ImageResize::kFit:
      return with_black_sides(coloured, options);
    case ImageResize::kCrop:
      return resize(coloured, middle(coloured, options), options.height, options.width);
  }
  throw std::logic_error("unknown resize");
}

}  // namespace weft
