#pragma once
// The items of a source that is not text, as a model reads them.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/item_options.h"
#include "media/source_items.h"

namespace weft {

/// Where the annotations of an item stand: in a grid, row by row, or in a sequence.
struct ItemGrid {
  int64_t rows = 0, columns = 0;  ///< 0: a sequence
  bool is_there() const { return rows > 0; }
  bool operator==(const ItemGrid&) const = default;
};

/// What becomes of an item in training.
struct ItemDraw {
  SpecAugmentOptions spec_augment = {};
  uint64_t seed = 0;  ///< another one, other draws
};

/// Vectors, of which several may be joined into one and the mean of all may be one more; or
/// pictures, each of which a model makes a grid of annotations of. May be read by several threads.
class ItemSource {
 public:
  ItemSource(std::unique_ptr<FeatureItems> features, const ItemOptions& options);
  ItemSource(std::unique_ptr<PictureItems> pictures, const ItemOptions& options);

  int64_t size() const;
  /// What attention is over: S.
  int64_t annotations(int64_t item) const;
  ItemGrid grid(int64_t item) const;
  /// grid(), or a sequence as one row, without the mean.
  ItemGrid places(int64_t item) const;
  /// Numbers of a vector, D; channels of a picture.
  int64_t width() const;
  std::string fingerprint() const;

  bool has_pictures() const { return pictures_ != nullptr; }
  /// Height and width in pixels.
  ItemGrid picture_size() const;
  /// Writes [S, D], joined, the mean last, with what `draw` says done to the vectors of sound and
  /// of files before. Throws as FeatureItems.
  void copy_features(int64_t item, float* out, const ItemDraw& draw = {}) const;
  /// Writes [channels, height, width].
  void copy_picture(int64_t item, uint8_t* out) const { pictures_->copy(item, out); }
  /// Throws UserError if vectors that an ItemDraw is for stand in grids.
  void require_sequences() const;
  /// Throws what copying would throw.
  void check_item(int64_t item) const;
  /// Reads each item once, in as many threads as there are cores. Throws as check_items() does.
  void check() const;

 private:
  std::unique_ptr<FeatureItems> features_;
  std::unique_ptr<PictureItems> pictures_;
  int64_t frame_stack_;
  bool global_;
  int64_t augmented_parts_ = 0;  // as spec_augment() takes them; 0: it is for other items
};

/// For each source of a model its items; null for text. Empty: all are text.
using ItemSources = std::vector<std::shared_ptr<const ItemSource>>;

/// The annotations that a convolution, which halves three times, leaves of so many pixels.
int64_t after_convolution(int64_t pixels);

}  // namespace weft
