// PNG through libpng's simplified interface.

#include <png.h>

#include <string>

#include "media/format_error.h"
#include "media/picture_formats.h"

namespace weft {
namespace {

/// A PNG file whose header has been read.
class PngReader {
 public:
  explicit PngReader(std::string_view file) {
    image_.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&image_, file.data(), file.size()) == 0) fail();
    // Without a word about it, 16 bits are as those of screens too.
    image_.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;
  ~PngReader() { png_image_free(&image_); }

  PictureSize size() const { return {image_.height, image_.width}; }

  std::vector<uint8_t> read_rgba() {
    image_.format = PNG_FORMAT_RGBA;
    std::vector<uint8_t> rgba(PNG_IMAGE_SIZE(image_));
    if (png_image_finish_read(&image_, nullptr, rgba.data(), 0, nullptr) == 0) fail();
    return rgba;
  }

 private:
  [[noreturn]] void fail() {
    const std::string reason = image_.message;
    png_image_free(&image_);
    throw FormatError("is a damaged or truncated PNG picture (" + reason + ")");
  }

  png_image image_ = {};
};

}  // namespace

PictureSize png_size(std::string_view file) { return PngReader(file).size(); }

Picture decode_png(std::string_view file) {
  PngReader reader(file);
  return over_white(reader.size(), reader.read_rgba());
}

}  // namespace weft
