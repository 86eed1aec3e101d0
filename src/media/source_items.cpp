#include "media/source_items.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/progress.h"
#include "base/worker_pool.h"

namespace weft {
namespace {

template <class Number, class Items>
void read_item(const Items& items, int64_t item) {
  const ItemShape shape = items.shape(item);
  std::vector<Number> numbers(static_cast<std::size_t>(shape.length * shape.width));
  items.copy(item, numbers.data());
}

/// The number of an item, and what is wrong with it.
using BrokenItem = std::pair<std::size_t, std::string>;

void throw_if_any(const std::vector<BrokenItem>& broken, int64_t items) {
  constexpr std::size_t kMostProblems = 20;
  Problems problems;
  for (std::size_t i = 0; i < std::min(broken.size(), kMostProblems); ++i)
    problems.add(broken[i].second);
  if (broken.size() > kMostProblems)
    problems.add("and " + std::to_string(broken.size() - kMostProblems) + " more items of " +
                 std::to_string(items));
  problems.throw_if_any();
}

}  // namespace

int reader_threads(int threads) {
  return threads > 0 ? threads
                     : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void FeatureItems::check(int64_t item) const { read_item<float>(*this, item); }
void PictureItems::check(int64_t item) const { read_item<uint8_t>(*this, item); }

void for_each_item(int64_t count, const std::function<void(int64_t)>& use) {
  std::vector<BrokenItem> broken;
  for (int64_t item = 0; item < count; ++item) {
    try {
      use(item);
    } catch (const UserError& error) {
      broken.emplace_back(static_cast<std::size_t>(item), error.what());
    }
  }
  throw_if_any(broken, count);
}

void check_items(const SourceItems& items, int threads, const std::string& label) {
  ProgressBar progress({.label = label,
                        .total = items.size(),
                        .unit = "items",
                        .patience_seconds = kBarPatienceSeconds});
  std::mutex mutex;  // guards what follows
  int64_t done = 0;
  std::vector<BrokenItem> broken;
  WorkerPool(reader_threads(threads))
      .run(static_cast<std::size_t>(items.size()), [&](std::size_t item) {
        std::string problem;
        try {
          items.check(static_cast<int64_t>(item));
        } catch (const UserError& error) {
          problem = error.what();
        }
        const std::lock_guard lock(mutex);
        progress.update(++done);
        if (!problem.empty()) broken.emplace_back(item, problem);
      });
  std::sort(broken.begin(), broken.end());
  throw_if_any(broken, items.size());
  progress.finish();
}

}  // namespace weft
