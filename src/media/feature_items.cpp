// Features that others have made, in files.

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/mapped_file.h"
#include "base/number_text.h"
#include "base/safetensors_header.h"
#include "media/at_item.h"
#include "media/content_hash.h"
#include "media/feature_formats.h"
#include "media/format_error.h"
#include "media/open_items.h"

namespace weft {
namespace {

constexpr int64_t kSphinxWidth = 13;       // what Sphinx makes unless told otherwise
constexpr int64_t kMostNumbers = 1 << 28;  // of an item: 1 GB in memory

/// A file with many items, which stays mapped.
struct Container {
  explicit Container(const std::string& path) : file(path) {}
  MappedFile file;
  SafetensorsHeader header;
  std::map<std::string, TensorEntry> tensors;
};

/// What a name means.
struct ItemPlace {
  enum class Format { kNpy, kSphinx, kKaldi, kSafetensors };
  Format format = Format::kNpy;
  std::string path = {};
  std::string tensor = {};
  std::size_t offset = 0;
};

class StoredFeatures : public FeatureItems {
 public:
  StoredFeatures(ItemNames names, int64_t width) : names_(std::move(names)), width_(width) {
    places_.resize(static_cast<std::size_t>(names_.size()));
    for_each_item(names_.size(), [&](int64_t item) { add(item); });
  }

  int64_t size() const override { return names_.size(); }
  ItemShape shape(int64_t item) const override {
    return shapes_.at(static_cast<std::size_t>(item));
  }

  std::string fingerprint() const override {
    ContentHash hash;
    for (int64_t item = 0; item < size(); ++item) {
      const auto found = shape(item);
      hash.add(names_.name(item) + '\n' + std::to_string(found.length) + ' ' +
               std::to_string(found.rows) + ' ' + std::to_string(found.width) + '\n');
    }
    return hash.hex();
  }

  std::string content_key(int64_t item) const override {
    std::string key;
    with_array(item, [&](const StoredArray& array) {
      key = ContentHash().add(array.bytes).add(std::to_string(shape(item).width)).hex();
    });
    return key;
  }

  void copy(int64_t item, float* out) const override {
    with_array(item, [&](const StoredArray& array) {
      if (shape_of(array) != shape(item)) throw FormatError("has changed since it was looked at");
      copy_numbers(array, out);
    });
  }

 private:
  void add(int64_t item) {
    ItemPlace& place = places_[static_cast<std::size_t>(item)];
    place = place_of(item);
    names_.check_file(item, place.path);
    at_item(names_, item, [&] { open_container(place); });
    with_array(item, [&](const StoredArray& array) {
      const ItemShape found = shape_of(array);
      if (width_ == 0) width_ = found.width;
      if (found.width != width_) {
        throw FormatError("has vectors of " + std::to_string(found.width) + " numbers; expected " +
                          std::to_string(width_) + (item == 0 ? "" : " as the others"));
      }
      shapes_.push_back(found);
    });
  }

  ItemPlace place_of(int64_t item) const {
    using Format = ItemPlace::Format;
    const std::string path = names_.path(item);
    const auto mark = path.rfind(".safetensors#");
    if (mark != std::string::npos) {
      const auto hash = path.find('#', mark);
      return {Format::kSafetensors, path.substr(0, hash), path.substr(hash + 1)};
    }
    const auto colon = path.rfind(".ark:");
    int64_t offset = 0;
    if (colon != std::string::npos && parse_number(path.substr(colon + 5), offset) && offset >= 0)
      return {Format::kKaldi, path.substr(0, colon + 4), "", static_cast<std::size_t>(offset)};
    if (path.ends_with(".npy")) return {Format::kNpy, path};
    if (path.ends_with(".mfc")) return {Format::kSphinx, path};
    names_.fail(item,
                "names no features; expected FILE.npy, FILE.safetensors#TENSOR, FILE.ark:OFFSET or "
                "FILE.mfc");
  }

  /// Calls use(array) while the item's file is mapped.
  template <class Use>
  void with_array(int64_t item, Use use) const {
    using Format = ItemPlace::Format;
    const ItemPlace& place = places_.at(static_cast<std::size_t>(item));
    at_item(names_, item, [&] {
      const auto container = containers_.find(place.path);
      if (container != containers_.end()) {
        container->second->file.require_whole();
        return use(find_inside(place, *container->second));
      }
      const MappedFile file(place.path);
      const int64_t sphinx_width = width_ > 0 ? width_ : kSphinxWidth;
      use(place.format == Format::kNpy ? find_npy(file.view())
                                       : find_sphinx(file.view(), sphinx_width));
    });
  }

  static StoredArray find_inside(const ItemPlace& place, const Container& container) {
    if (place.format == ItemPlace::Format::kKaldi)
      return find_kaldi(container.file.view(), place.offset);
    const auto tensor = container.tensors.find(place.tensor);
    if (tensor == container.tensors.end()) throw FormatError("is not in that file");
    return find_tensor(container.header, tensor->second, container.file.view());
  }

  void open_container(const ItemPlace& place) {
    using Format = ItemPlace::Format;
    const bool many = place.format == Format::kSafetensors || place.format == Format::kKaldi;
    if (!many || containers_.contains(place.path)) return;
    auto opened = std::make_unique<Container>(place.path);
    if (place.format == Format::kSafetensors) {
      opened->header = parse_safetensors_header(place.path, opened->file.view());
      for (const auto& tensor : opened->header.tensors)
        opened->tensors.emplace(tensor.name, tensor);
    }
    containers_.emplace(place.path, std::move(opened));
  }

  static ItemShape shape_of(const StoredArray& array) {
    const auto& sizes = array.shape;
    if (sizes.size() != 2 && sizes.size() != 3) {
      throw FormatError("has " + std::to_string(sizes.size()) +
                        " dimensions; expected 2 (length, width) or 3 (rows, columns, width)");
    }
    ItemShape shape{sizes[0], sizes.back()};
    if (sizes.size() == 3) shape = {sizes[0] * sizes[1], sizes[2], sizes[0], sizes[1]};
    if (shape.length > kMostNumbers / shape.width)
      throw FormatError("is too large: over " + std::to_string(kMostNumbers) + " numbers");
    return shape;
  }

  ItemNames names_;
  int64_t width_;
  std::vector<ItemPlace> places_;
  std::vector<ItemShape> shapes_;
  std::map<std::string, std::unique_ptr<Container>> containers_;  // by path
};

}  // namespace

std::unique_ptr<FeatureItems> open_features(ItemNames names, int64_t width) {
  return std::make_unique<StoredFeatures>(std::move(names), width);
}

}  // namespace weft
