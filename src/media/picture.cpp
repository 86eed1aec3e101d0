#include "media/picture.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

#include "media/format_error.h"
#include "media/picture_formats.h"

namespace weft {
namespace {

constexpr int64_t kLeastSide = 2;
constexpr int64_t kMostSide = 30'000;
constexpr int64_t kMostPixels = 64'000'000;

std::optional<PictureFormat> format_of(std::string_view file) {
  if (file.starts_with("\xFF\xD8\xFF")) return PictureFormat::kJpeg;
  if (file.starts_with("\x89PNG\r\n\x1A\n")) return PictureFormat::kPng;
  if (file.starts_with("RIFF") && file.substr(std::min<std::size_t>(8, file.size()), 4) == "WEBP")
    return PictureFormat::kWebp;
  const std::string_view magic = file.substr(0, 2);
  if (magic == "P2" || magic == "P3" || magic == "P5" || magic == "P6") return PictureFormat::kPnm;
  return std::nullopt;
}

PictureSize size_of(PictureFormat format, std::string_view file) {
  switch (format) {
    case PictureFormat::kJpeg:
      return jpeg_size(file);
    case PictureFormat::kPng:
      return png_size(file);
    case PictureFormat::kWebp:
      return webp_size(file);
    case PictureFormat::kPnm:
      return pnm_size(file);
  }
  throw std::logic_error("unknown picture format");
}

}  // namespace

PictureHeader read_picture_header(std::string_view file) {
  if (file.empty()) throw FormatError("is empty; expected a picture");
  const auto format = format_of(file);
  if (!format) throw FormatError("is no picture; expected JPEG, PNG, WebP, PGM or PPM");
  const PictureSize size = size_of(*format, file);
  if (std::min(size.height, size.width) < kLeastSide ||
      std::max(size.height, size.width) > kMostSide || size.height * size.width > kMostPixels) {
    throw FormatError("is " + std::to_string(size.width) + " pixels wide and " +
                      std::to_string(size.height) +
                      " high; expected 2 to 30,000, and at most 64 "
                      "million in all");
  }
  return {*format, size.height, size.width};
}

Picture decode_picture(std::string_view file) {
  switch (read_picture_header(file).format) {
    case PictureFormat::kJpeg:
      return decode_jpeg(file);
    case PictureFormat::kPng:
      return decode_png(file);
    case PictureFormat::kWebp:
      return decode_webp(file);
    case PictureFormat::kPnm:
      return decode_pnm(file);
  }
  throw std::logic_error("unknown picture format");
}

Picture over_white(PictureSize size, const std::vector<uint8_t>& rgba) {
  Picture picture{size.height, size.width, 3,
                  std::vector<uint8_t>(static_cast<std::size_t>(size.height * size.width * 3))};
  for (std::size_t i = 0; i < rgba.size() / 4; ++i) {
    const int alpha = rgba[i * 4 + 3];
    for (std::size_t k = 0; k < 3; ++k) {
      const int sum = rgba[i * 4 + k] * alpha + 255 * (255 - alpha);
      picture.pixels[i * 3 + k] = static_cast<uint8_t>((sum + 127) / 255);
    }
  }
  return picture;
}

Picture to_grey(const Picture& picture) {
  if (picture.channels == 1) return picture;
  Picture grey{picture.height, picture.width, 1, {}};
  grey.pixels.reserve(picture.pixels.size() / 3);
  for (std::size_t i = 0; i + 2 < picture.pixels.size(); i += 3) {
    const uint8_t* p = picture.pixels.data() + i;
    grey.pixels.push_back(
        static_cast<uint8_t>((p[0] * 19595U + p[1] * 38470U + p[2] * 7471U + 0x8000U) >> 16));
  }
  return grey;
}

}  // namespace weft
