// Pictures of files, decoded when they are wanted.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/mapped_file.h"
#include "media/at_item.h"
#include "media/content_hash.h"
#include "media/format_error.h"
#include "media/open_items.h"
#include "media/option_text.h"
#include "media/picture.h"
#include "media/resize.h"

namespace weft {
namespace {

class DecodedPictures : public PictureItems {
 public:
  DecodedPictures(ItemNames names, const ImageOptions& options)
      : names_(std::move(names)), options_(options) {
    ContentHash hash;
    hash.add(option_text(options) + '\n');
    for_each_item(names_.size(), [&](int64_t item) {
      names_.check_file(item, names_.path(item));
      with_file(item, [&](std::string_view file) {
        read_picture_header(file);
        hash.add(names_.name(item) + '\n' + std::to_string(file.size()) + '\n');
      });
    });
    fingerprint_ = hash.hex();
  }

  int64_t size() const override { return names_.size(); }
  ItemShape shape(int64_t) const override {
    return {options_.height * options_.width, options_.channels, options_.height, options_.width};
  }
  std::string fingerprint() const override { return fingerprint_; }

  std::string content_key(int64_t item) const override {
    std::string key;
    with_file(item, [&](std::string_view file) { key = ContentHash().add(file).hex(); });
    return key;
  }

  void copy(int64_t item, uint8_t* out) const override {
    Picture picture;
    with_file(item, [&](std::string_view file) { picture = decode_picture(file); });
    picture = fit_picture(picture, options_);
    const auto pixels = static_cast<std::size_t>(picture.height * picture.width);
    const auto channels = static_cast<std::size_t>(picture.channels);
    for (std::size_t k = 0; k < channels; ++k) {
      for (std::size_t i = 0; i < pixels; ++i) *out++ = picture.pixels[i * channels + k];
    }
  }

 private:
  template <class Use>
  void with_file(int64_t item, Use use) const {
    at_item(names_, item, [&] {
      const MappedFile file(names_.path(item));
      use(file.view());
    });
  }

  ItemNames names_;
  ImageOptions options_;
  std::string fingerprint_;
};

}  // namespace

std::unique_ptr<PictureItems> open_pictures(ItemNames names, const ImageOptions& options) {
  return std::make_unique<DecodedPictures>(std::move(names), options);
}

}  // namespace weft
