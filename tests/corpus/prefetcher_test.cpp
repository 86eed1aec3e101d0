#include "data/prefetcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "corpus/corpus_of.h"
#include "data/batch_stream.h"

namespace weft {
namespace {

StreamedBatch numbered(int64_t number) {
  StreamedBatch batch;
  batch.after = {0, 0, number};
  return batch;
}

TEST(Prefetcher, KeepsTheOrder) {
  int64_t made = 0;
  Prefetcher prefetcher([&made] { return numbered(made++); });
  for (int64_t i = 0; i < 1000; ++i) EXPECT_EQ(prefetcher.next().after.batch, i);
}

TEST(Prefetcher, GivesWhatTheStreamGives) {
  const ParallelCorpus corpus = corpus_of(40);
  BatchStream expected(corpus, {20, 1});
  BatchStream stream(corpus, {20, 1});
  Prefetcher prefetcher([&stream] { return stream.next(); });
  for (int i = 0; i < 100; ++i) {
    const StreamedBatch found = prefetcher.next();
    EXPECT_EQ(found.batch.pairs, expected.next().batch.pairs);
    EXPECT_EQ(found.after, expected.position());
  }
}

TEST(Prefetcher, WorksAheadButNotFurtherThanAsked) {
  std::atomic<int64_t> made = 0;
  Prefetcher prefetcher([&made] { return numbered(made++); }, 3);
  while (made < 3) std::this_thread::yield();
  for (int i = 0; i < 1000; ++i) std::this_thread::yield();
  EXPECT_EQ(made, 3);
  prefetcher.next();
  while (made < 4) std::this_thread::yield();
}

TEST(Prefetcher, CarriesExceptionsOverBehindTheBatchesBefore) {
  int64_t made = 0;
  Prefetcher prefetcher([&made] {
    if (made == 2) throw std::runtime_error("disk on fire");
    return numbered(made++);
  });
  EXPECT_EQ(prefetcher.next().after.batch, 0);
  EXPECT_EQ(prefetcher.next().after.batch, 1);
  for (int i = 0; i < 2; ++i) {
    try {
      prefetcher.next();
      FAIL() << "nothing thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "disk on fire");
    }
  }
}

TEST(Prefetcher, EndsWithBatchesLeft) {
  for (int i = 0; i < 100; ++i) Prefetcher prefetcher([] { return numbered(0); });
}

TEST(Prefetcher, RefusesToKeepNothing) {
  EXPECT_THROW(Prefetcher([] { return numbered(0); }, 0), std::invalid_argument);
}

}  // namespace
}  // namespace weft
