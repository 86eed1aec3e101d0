// Features of files, with differences beside them, or on one scale, when they are wanted.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "media/frame_columns.h"
#include "media/open_items.h"

namespace weft {
namespace {

class PreparedFeatures : public FeatureItems {
 public:
  PreparedFeatures(std::unique_ptr<FeatureItems> items, const FeatureOptions& options)
      : items_(std::move(items)), options_(options) {
    for (int64_t item = 0; options.deltas && item < items_->size(); ++item) {
      if (items_->shape(item).rows > 0) {
        throw UserError(
            "data.features.deltas is true, but a source's items are grids; expected sequences of "
            "vectors, or no differences");
      }
    }
  }

  int64_t size() const override { return items_->size(); }
  ItemShape shape(int64_t item) const override {
    ItemShape shape = items_->shape(item);
    if (options_.deltas) shape.width *= 3;
    return shape;
  }
  std::string fingerprint() const override { return items_->fingerprint() + text(); }
  std::string content_key(int64_t item) const override {
    return items_->content_key(item) + text();
  }

  void copy(int64_t item, float* out) const override {
    const ItemShape stored = items_->shape(item), made = shape(item);
    items_->copy(item, out);
    if (options_.deltas) {
      // From the last vector to the first: each moves to where no other is read any more.
      for (int64_t t = stored.length; t-- > 0;)
        std::copy_backward(out + t * stored.width, out + (t + 1) * stored.width,
                           out + t * made.width + stored.width);
      add_deltas(out, made.length, made.width);
    }
    if (options_.normalize == FrameNormalization::kUtterance)
      normalize_columns(out, made.length, made.width);
  }

 private:
  std::string text() const {
    return std::string(options_.deltas ? "-deltas" : "") +
           (options_.normalize == FrameNormalization::kUtterance ? "-utterance" : "");
  }

  std::unique_ptr<FeatureItems> items_;
  FeatureOptions options_;
};

}  // namespace

std::unique_ptr<FeatureItems> prepare_features(std::unique_ptr<FeatureItems> items,
                                               const FeatureOptions& options) {
  if (options == FeatureOptions{}) return items;
  return std::make_unique<PreparedFeatures>(std::move(items), options);
}

}  // namespace weft
