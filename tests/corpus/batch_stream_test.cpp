#include "data/batch_stream.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace weft {
namespace {

ParallelCorpus corpus_of(int32_t pairs) {
  TokenLines source;
  TokenLines target;
  for (int32_t i = 0; i < pairs; ++i) {
    source.add(std::vector<int32_t>(static_cast<std::size_t>(1 + i % 7), 4 + i));
    target.add(std::vector<int32_t>(static_cast<std::size_t>(1 + i % 5), 4 + i));
  }
  return {source, target};
}

TEST(BatchStream, GoesThroughTheEpochs) {
  const ParallelCorpus corpus = corpus_of(50);
  BatchStream stream(corpus, {30, 1});
  const int64_t batches = stream.batches_per_epoch();
  ASSERT_GT(batches, 3);
  for (int64_t epoch = 0; epoch < 2; ++epoch) {
    std::vector<int> used(50, 0);
    for (int64_t i = 0; i < batches; ++i) {
      EXPECT_EQ(stream.position(), (DataPosition{epoch, i}));
      const StreamedBatch streamed = stream.next();
      EXPECT_EQ(streamed.ends_epoch, i == batches - 1);
      EXPECT_EQ(streamed.after, stream.position());
      for (const int64_t pair : streamed.batch.pairs) ++used[static_cast<std::size_t>(pair)];
    }
    EXPECT_EQ(used, std::vector<int>(50, 1));
  }
  EXPECT_EQ(stream.position(), (DataPosition{2, 0}));
}

TEST(BatchStream, GoesOnExactlyWhereItStopped) {
  const ParallelCorpus corpus = corpus_of(50);
  BatchStream stream(corpus, {30, 1});
  for (int64_t i = 0; i < stream.batches_per_epoch() + 3; ++i) {
    BatchStream resumed(corpus, {30, 1}, stream.position());
    const StreamedBatch expected = stream.next();
    const StreamedBatch found = resumed.next();
    EXPECT_EQ(found.batch.pairs, expected.batch.pairs);
    EXPECT_TRUE(torch::equal(found.batch.target_input, expected.batch.target_input));
    EXPECT_EQ(resumed.position(), stream.position());
  }
}

TEST(BatchStream, TakesOnePair) {
  const ParallelCorpus corpus = corpus_of(1);
  BatchStream stream(corpus, {30, 1});
  EXPECT_TRUE(stream.next().ends_epoch);
  EXPECT_EQ(stream.next().after, (DataPosition{2, 0}));
}

TEST(BatchStream, RefusesPositionsAndCorporaThatAreNotThere) {
  const ParallelCorpus corpus = corpus_of(1);
  EXPECT_THROW(BatchStream(corpus, {30, 1}, {0, 1}), std::out_of_range);
  EXPECT_THROW(BatchStream(corpus, {30, 1}, {0, -1}), std::out_of_range);
  const ParallelCorpus empty = corpus_of(0);
  EXPECT_THROW(BatchStream(empty, {30, 1}), std::invalid_argument);
}

}  // namespace
}  // namespace weft
