#pragma once
// Items of a source that are not text, by number: the seam between what reads files and what makes
// batches. Knows neither the files' formats nor tensors.

#include <cstdint>
#include <functional>
#include <string>

namespace weft {

/// What copy() writes for an item.
struct ItemShape {
  int64_t length = 0;   ///< annotations: frames, regions; of a picture, pixels
  int64_t width = 0;    ///< numbers of each annotation; of a picture, channels
  int64_t rows = 0;     ///< of a grid, whose annotations come row by row; 0: a sequence
  int64_t columns = 0;  ///< rows * columns == length, or 0
  bool operator==(const ItemShape&) const = default;
};

/// Items [0, size()). All functions may be called from several threads at once.
class SourceItems {
 public:
  SourceItems() = default;
  SourceItems(const SourceItems&) = delete;
  SourceItems& operator=(const SourceItems&) = delete;
  virtual ~SourceItems() = default;

  virtual int64_t size() const = 0;
  /// Known without decoding the item.
  virtual ItemShape shape(int64_t item) const = 0;
  /// Changes when the items, their order or the options do: of names, sizes of files and options.
  virtual std::string fingerprint() const = 0;
  /// A hash of what the item's file holds, whatever it is called. Reads it. Throws UserError.
  virtual std::string content_key(int64_t item) const = 0;
  /// Throws what copy() would throw.
  virtual void check(int64_t item) const = 0;
};

/// Vectors: features from files, or mel spectra of sound. All items have the same width.
class FeatureItems : public SourceItems {
 public:
  /// Writes [length, width]. Throws UserError with the item's line if it cannot be read.
  virtual void copy(int64_t item, float* out) const = 0;
  void check(int64_t item) const final;
};

/// Pictures, all of one shape.
class PictureItems : public SourceItems {
 public:
  /// Writes [channels, height, width], 0 ... 255. Throws UserError with the item's line.
  virtual void copy(int64_t item, uint8_t* out) const = 0;
  void check(int64_t item) const final;
};

/// `threads`, or, for 0, as many as there are cores.
int reader_threads(int threads);

/// Calls use(item) for each of `count` items, in order. Throws one UserError for all the items of
/// which it throws one, a line each, the first 20 of them.
void for_each_item(int64_t count, const std::function<void(int64_t)>& use);

/// Reads every item once, in reader_threads(threads) threads, with a progress bar under `label`.
/// Throws as for_each_item() does for the items that cannot be read.
void check_items(const SourceItems& items, int threads, const std::string& label);

}  // namespace weft
