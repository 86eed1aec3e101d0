#include "data/item_source.h"

#include <algorithm>

#include "base/error.h"
#include "data/random.h"
#include "data/spec_augment.h"

namespace weft {
namespace {

/// The mean of `count` vectors [count, width], behind the last of them.
void append_mean(float* vectors, int64_t count, int64_t width) {
  float* mean = vectors + count * width;
  std::fill_n(mean, width, 0.0F);
  for (int64_t i = 0; i < count; ++i)
    for (int64_t d = 0; d < width; ++d) mean[d] += vectors[i * width + d];
  for (int64_t d = 0; d < width; ++d) mean[d] /= static_cast<float>(count);
}

/// Vectors, and their first and second differences beside them if there are any.
int64_t parts_of_vectors(const ItemOptions& options) {
  switch (options.kind) {
    case SourceKind::kAudio:
      return options.audio.deltas ? 3 : 1;
    case SourceKind::kFeatures:
      return options.features.deltas ? 3 : 1;
    default:
      return 0;
  }
}

}  // namespace

int64_t after_convolution(int64_t pixels) {
  for (int layer = 0; layer < 3; ++layer) pixels = (pixels + 1) / 2;
  return pixels;
}

ItemSource::ItemSource(std::unique_ptr<FeatureItems> features, const ItemOptions& options)
    : features_(std::move(features)),
      frame_stack_(options.frame_stack),
      global_(options.global),
      augmented_parts_(parts_of_vectors(options)) {}

ItemSource::ItemSource(std::unique_ptr<PictureItems> pictures, const ItemOptions& options)
    : pictures_(std::move(pictures)), frame_stack_(1), global_(options.global) {}

int64_t ItemSource::size() const { return features_ ? features_->size() : pictures_->size(); }

ItemGrid ItemSource::picture_size() const {
  const auto shape = pictures_->shape(0);
  return {shape.rows, shape.columns};
}

ItemGrid ItemSource::grid(int64_t item) const {
  if (pictures_) {
    const auto pixels = picture_size();
    return {after_convolution(pixels.rows), after_convolution(pixels.columns)};
  }
  if (frame_stack_ > 1) return {};
  const auto shape = features_->shape(item);
  return {shape.rows, shape.columns};
}

ItemGrid ItemSource::places(int64_t item) const {
  const auto cells = grid(item);
  return cells.is_there() ? cells : ItemGrid{1, annotations(item) - (global_ ? 1 : 0)};
}

int64_t ItemSource::annotations(int64_t item) const {
  const int64_t mean = global_ ? 1 : 0;
  if (pictures_) return grid(item).rows * grid(item).columns + mean;
  return (features_->shape(item).length + frame_stack_ - 1) / frame_stack_ + mean;
}

int64_t ItemSource::width() const {
  return pictures_ ? pictures_->shape(0).width : features_->shape(0).width * frame_stack_;
}

std::string ItemSource::fingerprint() const {
  return features_ ? features_->fingerprint() : pictures_->fingerprint();
}

void ItemSource::require_sequences() const {
  if (augmented_parts_ == 0) return;
  for (int64_t item = 0; item < size(); ++item)
    if (features_->shape(item).rows > 0)
      throw UserError(
          "data.spec_augment is given, but a source's items are grids; expected sequences of "
          "vectors");
}

void ItemSource::copy_features(int64_t item, float* out, const ItemDraw& draw) const {
  const auto shape = features_->shape(item);
  const int64_t width = shape.width * frame_stack_;
  const int64_t vectors = (shape.length + frame_stack_ - 1) / frame_stack_;
  std::fill(out + shape.length * shape.width, out + vectors * width, 0.0F);
  features_->copy(item, out);
  if (draw.spec_augment.is_on() && augmented_parts_ > 0) {
    auto generator = seeded_generator({draw.seed});
    spec_augment(out, shape.length, shape.width, augmented_parts_, draw.spec_augment, generator);
  }
  if (global_) append_mean(out, vectors, width);
}

void ItemSource::check_item(int64_t item) const {
  if (pictures_) pictures_->check(item);
  if (features_) features_->check(item);
}

void ItemSource::check() const {
  constexpr int kAllCores = 0;
  if (pictures_) check_items(*pictures_, kAllCores, "reading pictures");
  if (features_) check_items(*features_, kAllCores, "reading items");
}

}  // namespace weft
