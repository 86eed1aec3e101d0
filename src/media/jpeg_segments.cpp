#include "media/jpeg_segments.h"

#include <cstddef>
#include <cstdint>

namespace weft {
namespace {

/// Numbers in either byte order; beyond the end they are 0.
class TiffReader {
 public:
  explicit TiffReader(std::string_view bytes)
      : bytes_(bytes), big_endian_(bytes.substr(0, 2) == "MM") {}

  uint32_t read(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return 0;
    uint32_t number = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t place = offset + (big_endian_ ? i : size - 1 - i);
      number = number << 8 | static_cast<unsigned char>(bytes_[place]);
    }
    return number;
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

/// Of a TIFF file, which is what an EXIF segment holds: a list of tags of 12 bytes each.
int read_orientation(std::string_view tiff) {
  constexpr uint32_t kOrientation = 0x0112;
  const TiffReader reader(tiff);
  const std::size_t list = reader.read(4, 4);
  const std::size_t tags = reader.read(list, 2);
  for (std::size_t i = 0; i < tags; ++i) {
    const std::size_t tag = list + 2 + 12 * i;
    if (reader.read(tag, 2) != kOrientation) continue;
    const uint32_t value = reader.read(tag + 8, 2);
    return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
  }
  return 1;
}

}  // namespace

JpegSegments read_jpeg_segments(std::string_view file) {
  constexpr unsigned char kStartOfScan = 0xDA, kApp1 = 0xE1, kApp14 = 0xEE;
  constexpr std::string_view kExif("Exif\0\0", 6);
  JpegSegments found;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(file[i]); };
  // Each: 0xFF, its kind, the length of what follows with these two bytes.
  for (std::size_t at = 2; at + 4 <= file.size() && byte(at) == 0xFF;) {
    const unsigned char kind = byte(at + 1);
    if (kind == 0xFF) {  // padding
      ++at;
      continue;
    }
    const std::size_t length = static_cast<std::size_t>(byte(at + 2)) << 8 | byte(at + 3);
    if (kind == kStartOfScan || length < 2 || at + 2 + length > file.size()) break;
    const std::string_view content = file.substr(at + 4, length - 2);
    if (kind == kApp1 && content.starts_with(kExif))
      found.orientation = read_orientation(content.substr(kExif.size()));
    if (kind == kApp14 && content.starts_with("Adobe")) found.adobe = true;
    at += 2 + length;
  }
  return found;
}

}  // namespace weft
