// JPEG through libjpeg-turbo.

#include <turbojpeg.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "media/format_error.h"
#include "media/jpeg_segments.h"
#include "media/picture_formats.h"

namespace weft {
namespace {

struct JpegDestroyer {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using JpegDecoder = std::unique_ptr<void, JpegDestroyer>;

struct JpegHeader {
  int width = 0, height = 0, sampling = 0, colours = 0;
};

[[noreturn]] void throw_damaged(const JpegDecoder& decoder) {
  throw FormatError(std::string("is a damaged or truncated JPEG picture (") +
                    tjGetErrorStr2(decoder.get()) + ")");
}

JpegHeader read_header(const JpegDecoder& decoder, std::string_view file) {
  JpegHeader header;
  if (tjDecompressHeader3(decoder.get(), reinterpret_cast<const unsigned char*>(file.data()),
                          file.size(), &header.width, &header.height, &header.sampling,
                          &header.colours) != 0)
    throw_damaged(decoder);
  return header;
}

/// Cameras leave a few bytes before a marker, which every viewer forgives.
bool is_harmless(const JpegDecoder& decoder) {
  return tjGetErrorCode(decoder.get()) == TJERR_WARNING &&
         std::string_view(tjGetErrorStr2(decoder.get())).find("extraneous bytes") !=
             std::string_view::npos;
}

/// Pixels of four inks; Adobe's programs store how much light they leave.
void inks_to_colours(const std::vector<uint8_t>& inks, bool inverted, std::vector<uint8_t>& out) {
  for (std::size_t i = 0; i + 3 < inks.size(); i += 4) {
    const auto light = [&](std::size_t k) { return inverted ? inks[i + k] : 255 - inks[i + k]; };
    for (std::size_t k = 0; k < 3; ++k)
      out[i / 4 * 3 + k] = static_cast<uint8_t>((light(k) * light(3) + 127) / 255);
  }
}

/// The stored picture as EXIF wants it seen.
Picture turned(const Picture& stored, int orientation) {
  const bool swapped = orientation >= 5;  // its rows are our columns
  const auto is_one_of = [&](std::string_view digits) {
    return digits.find(static_cast<char>('0' + orientation)) != std::string_view::npos;
  };
  const bool rows_backwards = is_one_of("3467"), columns_backwards = is_one_of("2378");
  Picture upright{swapped ? stored.width : stored.height, swapped ? stored.height : stored.width, 3,
                  std::vector<uint8_t>(stored.pixels.size())};
  uint8_t* out = upright.pixels.data();
  for (int64_t y = 0; y < upright.height; ++y) {
    for (int64_t x = 0; x < upright.width; ++x, out += 3) {
      int64_t row = swapped ? x : y, column = swapped ? y : x;
      if (rows_backwards) row = stored.height - 1 - row;
      if (columns_backwards) column = stored.width - 1 - column;
      const uint8_t* pixel = stored.pixels.data() + (row * stored.width + column) * 3;
      std::copy(pixel, pixel + 3, out);
    }
  }
  return upright;
}

}  // namespace

PictureSize jpeg_size(std::string_view file) {
  const JpegDecoder decoder(tjInitDecompress());
  const JpegHeader header = read_header(decoder, file);
  return {header.height, header.width};
}

Picture decode_jpeg(std::string_view file) {
  const JpegDecoder decoder(tjInitDecompress());
  const JpegHeader header = read_header(decoder, file);
  const JpegSegments segments = read_jpeg_segments(file);
  const bool inks = header.colours == TJCS_CMYK || header.colours == TJCS_YCCK;
  const auto count =
      static_cast<std::size_t>(header.width) * static_cast<std::size_t>(header.height);
  Picture picture{header.height, header.width, 3, std::vector<uint8_t>(count * 3)};
  std::vector<uint8_t> four(inks ? count * 4 : 0);
  const int format = inks ? TJPF_CMYK : TJPF_RGB;
  const auto decode = [&](int flags) {
    // LIMITSCANS: a small file of thousands of scans would take minutes.
    return tjDecompress2(decoder.get(), reinterpret_cast<const unsigned char*>(file.data()),
                         file.size(), inks ? four.data() : picture.pixels.data(), header.width, 0,
                         header.height, format, TJFLAG_LIMITSCANS | flags) == 0;
  };
  // Stopped at once where pixels are missing, however many: a few bytes may claim millions.
  if (!decode(TJFLAG_STOPONWARNING) &&
      (!is_harmless(decoder) || (!decode(0) && !is_harmless(decoder))))
    throw_damaged(decoder);
  if (inks) inks_to_colours(four, segments.adobe, picture.pixels);
  return segments.orientation == 1 ? std::move(picture) : turned(picture, segments.orientation);
}

}  // namespace weft
