#pragma once
// Items that are made up.

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "data/item_source.h"

namespace weft {

/// Vectors of two numbers: of item i, its vector j is {10 i + j, -j}.
class FakeFeatures : public FeatureItems {
 public:
  /// Each has so many vectors.
  explicit FakeFeatures(std::vector<int64_t> lengths, ItemGrid grid = {})
      : lengths_(std::move(lengths)), grid_(grid) {}

  int64_t size() const override { return static_cast<int64_t>(lengths_.size()); }
  ItemShape shape(int64_t item) const override {
    return {lengths_.at(static_cast<std::size_t>(item)), 2, grid_.rows, grid_.columns};
  }
  std::string fingerprint() const override { return "fake"; }
  std::string content_key(int64_t item) const override { return std::to_string(item); }
  void copy(int64_t item, float* out) const override {
    for (int64_t j = 0; j < shape(item).length; ++j) {
      out[2 * j] = static_cast<float>(10 * item + j);
      out[2 * j + 1] = static_cast<float>(-j);
    }
  }

 private:
  std::vector<int64_t> lengths_;
  ItemGrid grid_;
};

/// Pictures of one channel, all of whose pixels are the item's number.
class FakePictures : public PictureItems {
 public:
  FakePictures(int64_t size, int64_t height, int64_t width)
      : size_(size), height_(height), width_(width) {}

  int64_t size() const override { return size_; }
  ItemShape shape(int64_t) const override { return {height_ * width_, 1, height_, width_}; }
  std::string fingerprint() const override { return "fake"; }
  std::string content_key(int64_t item) const override { return std::to_string(item); }
  void copy(int64_t item, uint8_t* out) const override {
    std::fill_n(out, height_ * width_, static_cast<uint8_t>(item));
  }

 private:
  int64_t size_, height_, width_;
};

}  // namespace weft
