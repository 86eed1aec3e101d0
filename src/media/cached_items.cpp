// Features from a cache, which is filled first.

#include <mutex>
#include <utility>

#include "base/progress.h"
#include "base/worker_pool.h"
#include "media/content_hash.h"
#include "media/feature_cache.h"

namespace weft {
namespace {

class CachedItems : public FeatureItems {
 public:
  CachedItems(std::unique_ptr<FeatureCache> cache, std::vector<std::string> keys)
      : cache_(std::move(cache)), keys_(std::move(keys)) {}

  int64_t size() const override { return static_cast<int64_t>(keys_.size()); }
  ItemShape shape(int64_t item) const override { return cache_->shape(key(item)); }
  void copy(int64_t item, float* out) const override { cache_->copy(key(item), out); }
  std::string content_key(int64_t item) const override { return key(item); }
  std::string fingerprint() const override {
    ContentHash hash;
    hash.add(cache_->options());
    for (const auto& item : keys_) hash.add(item);
    return hash.hex();
  }

 private:
  const std::string& key(int64_t item) const { return keys_.at(static_cast<std::size_t>(item)); }

  std::unique_ptr<FeatureCache> cache_;
  std::vector<std::string> keys_;
};

/// Makes what the cache lacks.
void fill(FeatureCache& cache, const std::vector<std::string>& keys, const FeatureItems& items,
          WorkerPool& pool, const std::string& label) {
  const std::vector<std::size_t> missing = cache.missing(keys);
  if (missing.empty()) return;
  ProgressBar progress({.label = label,
                        .total = static_cast<int64_t>(missing.size()),
                        .unit = "items",
                        .patience_seconds = kBarPatienceSeconds});
  std::mutex mutex;  // guards what follows
  int64_t done = 0;
  pool.run(missing.size(), [&](std::size_t i) {
    const auto item = static_cast<int64_t>(missing[i]);
    const ItemShape shape = items.shape(item);
    std::vector<float> numbers(static_cast<std::size_t>(shape.length * shape.width));
    items.copy(item, numbers.data());
    cache.add(keys[missing[i]], shape, numbers.data());
    const std::lock_guard lock(mutex);
    progress.update(++done);
  });
  cache.flush();
  progress.finish();
}

}  // namespace

std::unique_ptr<FeatureItems> cached_items(std::unique_ptr<FeatureCache> cache,
                                           std::vector<std::string> keys) {
  return std::make_unique<CachedItems>(std::move(cache), std::move(keys));
}

std::unique_ptr<FeatureItems> through_cache(const FeatureItems& items,
                                            std::unique_ptr<FeatureCache> cache, int threads,
                                            const std::string& label) {
  WorkerPool pool(reader_threads(threads));
  std::vector<std::string> keys(static_cast<std::size_t>(items.size()));
  pool.run(keys.size(),
           [&](std::size_t i) { keys[i] = items.content_key(static_cast<int64_t>(i)); });
  fill(*cache, keys, items, pool, label);
  return cached_items(std::move(cache), std::move(keys));
}

}  // namespace weft
