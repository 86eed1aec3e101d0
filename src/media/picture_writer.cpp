#include "media/picture_writer.h"

#include <png.h>
#include <turbojpeg.h>

#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace weft {
namespace {

std::string encode(const Picture& picture, png_uint_32 format, const std::vector<uint8_t>& pixels) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = format;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr) == 0)
    throw std::runtime_error(std::string("libpng: ") + image.message);
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::string encode_png(const Picture& picture) {
  return encode(picture, picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB, picture.pixels);
}

std::string encode_white_png(const Picture& opacity) {
  std::vector<uint8_t> pixels;
  for (const uint8_t value : opacity.pixels) pixels.insert(pixels.end(), {255, value});
  return encode(opacity, PNG_FORMAT_GA, pixels);
}

std::string encode_jpeg(const Picture& picture) {
  constexpr int kQuality = 85;
  const bool grey = picture.channels == 1;
  const std::unique_ptr<void, int (*)(void*)> encoder(tjInitCompress(), tjDestroy);
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const bool encoded =
      tjCompress2(encoder.get(), picture.pixels.data(), static_cast<int>(picture.width), 0,
                  static_cast<int>(picture.height), grey ? TJPF_GRAY : TJPF_RGB, &bytes, &size,
                  grey ? TJSAMP_GRAY : TJSAMP_444, kQuality, 0) == 0;
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(bytes, tjFree);
  if (!encoded)
    throw std::runtime_error(std::string("libjpeg-turbo: ") + tjGetErrorStr2(encoder.get()));
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string data_uri(const std::string& type, const std::string& bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string uri = "data:" + type + ";base64,";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      uri += i + k > bytes.size() ? '=' : kDigits[three >> (18 - 6 * k) & 63U];
  }
  return uri;
}

}  // namespace weft
