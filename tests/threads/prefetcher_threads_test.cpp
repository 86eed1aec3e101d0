#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "data/prefetcher.h"

namespace weft {
namespace {

using Number = std::unique_ptr<int>;  // memory that changes hands, as a batch's does

/// Gives 0, 1, ... and fails at number `last`.
auto producer(int last) {
  return [next = 0, last]() mutable {
    if (next == last) throw std::runtime_error("no more");
    return std::make_unique<int>(next++);
  };
}

TEST(PrefetcherThreads, FailAtEveryStepAndStopAtEveryStep) {
  constexpr int kSteps = 12;
  for (std::size_t ahead = 1; ahead <= 3; ++ahead) {
    for (int last = 0; last < kSteps; ++last) {
      for (int wanted = 0; wanted <= last + 2; ++wanted) {
        Prefetcher<Number> prefetcher(producer(last), ahead);
        for (int i = 0; i < wanted; ++i) {
          if (i < last) {
            EXPECT_EQ(*prefetcher.next(), i);
          } else {
            EXPECT_THROW(prefetcher.next(), std::runtime_error);
          }
        }
      }
    }
  }
}

TEST(PrefetcherThreads, HandOverAllThatIsMade) {
  Prefetcher<Number> prefetcher(producer(-1));
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(*prefetcher.next(), i);
}

}  // namespace
}  // namespace weft
