#pragma once
// What was computed of pictures, kept on disk between runs.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mapped_file.h"
#include "base/safetensors_header.h"
#include "media/source_items.h"

namespace weft {

/// A folder of safetensors files, each with features as F16, named by what they were made of. A
/// file is written once, under the hash of its contents, and never changed: any number of processes
/// may use one folder. One that is not what its name says is removed with a warning.
class FeatureCache {
 public:
  /// `options` is all that the features depend on beside the item: option_text(), the hash of a
  /// network. Makes the folder, and reads all that is in it for these options. Throws UserError if
  /// it cannot be used.
  FeatureCache(std::string directory, std::string options);
  FeatureCache(const FeatureCache&) = delete;
  FeatureCache& operator=(const FeatureCache&) = delete;
  ~FeatureCache();

  /// Whether the features made of `key` (SourceItems::content_key()) are there.
  bool contains(const std::string& key) const { return places_.contains(key); }
  /// Which of `keys` are not there; of equal ones only the first.
  std::vector<std::size_t> missing(const std::vector<std::string>& keys) const;

  /// Keeps [length, width] numbers, rounded to float16. Writes a file from time to time. Safe from
  /// several threads. Throws UserError if a number is too large for float16, or the disk is full.
  void add(const std::string& key, const ItemShape& shape, const float* numbers);
  /// Writes the rest.
  void flush();

  /// Of features that are there: that were, or that were added and flushed. Safe from several
  /// threads while none adds. Throws std::out_of_range of others.
  ItemShape shape(const std::string& key) const;
  void copy(const std::string& key, float* out) const;

  const std::string& options() const { return options_; }

 private:
  /// A file of the folder.
  struct Segment {
    explicit Segment(const std::string& path) : file(path) {}
    MappedFile file;
    SafetensorsHeader header;
  };
  struct Place {
    const Segment* segment = nullptr;
    const TensorEntry* tensor = nullptr;
  };
  struct Pending {
    std::string key;
    ItemShape shape;
    std::string bytes;
  };
  void read_segment(const std::string& path);
  void write_pending();
  std::string path_of_segment(const std::string& hash) const;

  std::string directory_, options_, prefix_;
  std::vector<std::unique_ptr<Segment>> segments_;
  std::unordered_map<std::string, Place> places_;
  std::mutex mutex_;  // guards the two below
  std::vector<Pending> pending_;
  std::size_t pending_bytes_ = 0;
};

/// The items' features from the cache: those that are missing are made now, in `threads` threads
/// (0: as many as there are cores), with a progress bar under `label`.
std::unique_ptr<FeatureItems> through_cache(const FeatureItems& items,
                                            std::unique_ptr<FeatureCache> cache, int threads,
                                            const std::string& label);

/// Items whose features the cache has under these keys, in this order.
std::unique_ptr<FeatureItems> cached_items(std::unique_ptr<FeatureCache> cache,
                                           std::vector<std::string> keys);

}  // namespace weft
