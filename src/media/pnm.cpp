// PGM and PPM (netpbm.sourceforge.net/doc/ppm.html): "P5 width height most" and the numbers.

#include <algorithm>
#include <string>

#include "media/format_error.h"
#include "media/picture_formats.h"

namespace weft {
namespace {

class PnmReader {
 public:
  explicit PnmReader(std::string_view file) : file_(file) {
    kind_ = file[1];
    at_ = 2;
    size_.width = read_number();
    size_.height = read_number();
    most_ = read_number();
    if (most_ < 1 || most_ > 65535)
      throw FormatError("has a largest value of " + std::to_string(most_) +
                        "; expected 1 to 65535");
    ++at_;  // the one blank before the pixels
  }

  PictureSize size() const { return size_; }

  Picture read() {
    const bool colours = kind_ == '3' || kind_ == '6';
    Picture picture{size_.height, size_.width, 3, {}};
    const auto pixels = static_cast<std::size_t>(size_.height * size_.width);
    const std::size_t least = pixels * (colours ? 3 : 1) * (is_text() || most_ < 256 ? 1 : 2);
    if (at_ > file_.size() || file_.size() - at_ < least)
      throw FormatError("is a truncated PGM or PPM picture");
    picture.pixels.reserve(pixels * 3);
    for (std::size_t i = 0; i < pixels * 3; ++i) {
      const bool repeats = !colours && i % 3 > 0;
      picture.pixels.push_back(repeats ? picture.pixels.back() : read_value());
    }
    return picture;
  }

 private:
  bool is_text() const { return kind_ <= '3'; }
  static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  /// After blanks and comments.
  int64_t read_number() {
    while (at_ < file_.size() && (is_blank(file_[at_]) || file_[at_] == '#')) {
      if (file_[at_] == '#')
        at_ = std::min(file_.find('\n', at_), file_.size());
      else
        ++at_;
    }
    if (at_ == file_.size()) throw FormatError("is a truncated PGM or PPM picture");
    int64_t number = 0;
    constexpr int64_t kMost = 1'000'000'000;
    const std::size_t begin = at_;
    for (; at_ < file_.size() && is_digit(file_[at_]) && number < kMost; ++at_)
      number = number * 10 + (file_[at_] - '0');
    if (at_ == begin) throw FormatError("is a damaged PGM or PPM picture: expected a number");
    return number;
  }

  uint8_t read_value() {
    int64_t value = 0;
    if (is_text()) {
      value = read_number();
    } else {
      value = static_cast<unsigned char>(file_[at_++]);
      if (most_ > 255) value = value << 8 | static_cast<unsigned char>(file_[at_++]);
    }
    if (value > most_)
      throw FormatError("is a damaged PGM or PPM picture: it has a value of " +
                        std::to_string(value) + ", over the largest of " + std::to_string(most_));
    return static_cast<uint8_t>((value * 255 + most_ / 2) / most_);
  }

  std::string_view file_;
  char kind_ = '5';
  std::size_t at_ = 0;
  PictureSize size_;
  int64_t most_ = 255;
};

}  // namespace

PictureSize pnm_size(std::string_view file) { return PnmReader(file).size(); }
Picture decode_pnm(std::string_view file) { return PnmReader(file).read(); }

}  // namespace weft
