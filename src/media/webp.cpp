// WebP through libwebp.

#include <webp/decode.h>

#include "media/format_error.h"
#include "media/picture_formats.h"

namespace weft {
namespace {

const uint8_t* bytes_of_webp(std::string_view file) {
  return reinterpret_cast<const uint8_t*>(file.data());
}

}  // namespace

PictureSize webp_size(std::string_view file) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes_of_webp(file), file.size(), &features) != VP8_STATUS_OK)
    throw FormatError("is a damaged or truncated WebP picture");
  if (features.has_animation != 0) throw FormatError("is an animation; expected one picture");
  return {features.height, features.width};
}

Picture decode_webp(std::string_view file) {
  const PictureSize size = webp_size(file);
  std::vector<uint8_t> rgba(static_cast<std::size_t>(size.height * size.width * 4));
  if (WebPDecodeRGBAInto(bytes_of_webp(file), file.size(), rgba.data(), rgba.size(),
                         static_cast<int>(size.width * 4)) == nullptr)
    throw FormatError("is a damaged or truncated WebP picture");
  return over_white(size, rgba);
}

}  // namespace weft
