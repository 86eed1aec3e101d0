#include "data/batch_stream.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "base/temporary_directory.h"
#include "corpus/corpus_of.h"
#include "data/make_batch.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::Lt;

/// 50 pairs in four windows of 12 or 13.
constexpr BatchingOptions kWindows{.batch_tokens = 30, .seed = 1, .window_pairs = 13};

/// The pairs of the batches of one epoch.
std::vector<PairIndices> epoch_of(const ParallelCorpus& corpus, const BatchingOptions& options,
                                  int64_t epoch = 0) {
  BatchStream stream(corpus, options, {epoch, 0, 0});
  std::vector<PairIndices> batches;
  do batches.push_back(stream.next().batch.pairs);
  while (!stream.position().starts_epoch());
  return batches;
}

PairIndices joined(const std::vector<PairIndices>& batches) {
  PairIndices pairs;
  for (const auto& batch : batches) pairs.insert(pairs.end(), batch.begin(), batch.end());
  return pairs;
}

TEST(BatchStream, GoesThroughTheEpochs) {
  const ParallelCorpus corpus = corpus_of(50);
  BatchStream stream(corpus, kWindows);
  DataPosition expected;
  for (; expected.epoch < 2; ++expected.epoch) {
    std::vector<int> used(50, 0);
    int64_t pairs = 0;
    for (bool ended = false; !ended;) {
      const StreamedBatch streamed = stream.next();
      EXPECT_EQ(streamed.after, stream.position());
      for (const int64_t pair : streamed.batch.pairs) ++used[static_cast<std::size_t>(pair)];
      pairs += static_cast<int64_t>(streamed.batch.pairs.size());
      EXPECT_EQ(streamed.pairs_of_epoch, pairs);
      ended = streamed.ends_epoch;
      EXPECT_EQ(streamed.after.epoch, expected.epoch + (ended ? 1 : 0));
    }
    EXPECT_EQ(used, std::vector<int>(50, 1));
    EXPECT_EQ(stream.position(), (DataPosition{expected.epoch + 1, 0, 0}));
  }
}

TEST(BatchStream, LimitsTheSentencesOfABatch) {
  const ParallelCorpus corpus = corpus_of(50);
  auto options = kWindows;
  options.batch_sentences = 2;
  for (const auto& batch : epoch_of(corpus, options)) EXPECT_LE(batch.size(), 2U);
}

TEST(BatchStream, GoesFromShortToLongInTheFirstEpochs) {
  const ParallelCorpus corpus = corpus_of(50);
  auto options = kWindows;
  options.window_pairs = 50;
  options.curriculum_epochs = 1;
  const auto longest = [&](const std::vector<PairIndices>& batches) {
    std::vector<int64_t> targets;
    for (const auto& batch : batches) targets.push_back(corpus.lengths(batch.back()).target);
    return targets;
  };
  const auto first = longest(epoch_of(corpus, options, 0));
  const auto second = longest(epoch_of(corpus, options, 1));
  EXPECT_TRUE(std::is_sorted(first.begin(), first.end()));
  EXPECT_FALSE(std::is_sorted(second.begin(), second.end()));
}

/// Two corpora, of 40 and 10 pairs, in SentencePiece's segmentations.
class DrawnCorpus : public testing::Test {
 protected:
  DrawnCorpus() {
    std::string big, small;
    for (int i = 0; i < 40; ++i) big += i % 3 == 0 ? "lower newest\n" : "widest new low lowest\n";
    for (int i = 0; i < 10; ++i) small += "wider newer\n";
    files_ = {{{directory_.write("big", big), directory_.write("small", small)}},
              {directory_.path("big"), directory_.path("small")}};
    VocabularyOptions options;
    options.source_size = {50};
    options.target_size = 50;
    options.byte_fallback = false;
    vocabularies_ = build_vocabularies(options, files_.sources, files_.target);
  }
  ParallelCorpus corpus() const {
    return ParallelCorpus(files_, vocabularies_,
                          {.directory = directory_.path(""),
                           .corpora = {.weights = {1, 1}},
                           .sampling = {.source = 0.3, .target = 0.3}});
  }

  TemporaryDirectory directory_;
  ParallelFiles files_;
  Vocabularies vocabularies_;
};

TEST_F(DrawnCorpus, IsTheSameWhereverItIsGoneOnWithAndInAnyNumberOfThreads) {
  const auto drawn = corpus();
  auto options = kWindows;
  options.batch_tokens = 60;
  options.corpora.weights = {1, 1};
  BatchStream stream(drawn, options);
  options.threads = 3;
  std::set<std::string> segmentations;
  while (stream.position().epoch < 2) {
    BatchStream resumed(drawn, options, stream.position());
    const auto expected = stream.next(), found = resumed.next();
    EXPECT_EQ(found.batch.pairs, expected.batch.pairs);
    EXPECT_TRUE(torch::equal(found.batch.target_input, expected.batch.target_input));
    EXPECT_TRUE(torch::equal(found.batch.sources[0].ids, expected.batch.sources[0].ids));
    EXPECT_EQ(found.target_tokens, expected.batch.target_tokens);
    EXPECT_LE(expected.batch.target_input.numel(), 60);
    for (std::size_t i = 0; i < found.batch.pairs.size(); ++i) {
      if (found.batch.pairs[i] < 40) continue;
      std::string ids;
      const auto row = found.batch.target_output[static_cast<int64_t>(i)];
      for (int64_t t = 0; t < row.numel(); ++t) ids += std::to_string(row[t].item<int64_t>()) + ' ';
      segmentations.insert(ids);
    }
  }
  EXPECT_GT(segmentations.size(), 4U) << "of one sentence";
}

// Links of words are guided to the pieces that were drawn.
TEST_F(DrawnCorpus, IsGuidedByItsOwnPieces) {
  auto drawn = corpus();
  GuidanceStore guidance(directory_.path(""));
  for (int64_t i = 0; i < drawn.size(); ++i) {
    const PairLinks first_words{{{0, 1000}}, {{0, 1000}}, {{0, 0}}};
    guidance.add({{first_words, {}}});
  }
  drawn.guide(std::move(guidance), "");
  for (int64_t epoch = 0; epoch < 5; ++epoch) {
    const auto batch = make_batch(drawn, {0, 45}, {1, epoch});
    for (int64_t row = 0; row < 2; ++row) {
      const auto targets = batch.target_mask[row].sum().item<int64_t>();
      int64_t guided = 1;  // the end of sentence; a blank by itself is of no word
      for (const Span& piece :
           drawn.example(batch.pairs[std::size_t(row)], {1, epoch}).pieces.target)
        guided += piece.end > piece.begin ? 1 : 0;
      const auto sources = batch.sources[0].mask[row].sum().item<int64_t>();
      EXPECT_NEAR(batch.guidance[row].sum().item<double>(), static_cast<double>(guided), 1e-4);
      EXPECT_NEAR(batch.guidance[row][targets - 1][sources - 1].item<double>(), 1, 1e-6);
    }
  }
}

TEST(BatchStream, GoesFromWindowToWindow) {
  const ParallelCorpus corpus = corpus_of(50);
  BatchStream stream(corpus, kWindows);
  std::map<int64_t, int64_t> pairs_of_window;
  for (DataPosition before = stream.position(); before.epoch == 0; before = stream.position()) {
    const StreamedBatch streamed = stream.next();
    pairs_of_window[before.window] += static_cast<int64_t>(streamed.batch.pairs.size());
    EXPECT_EQ(streamed.after.batch, streamed.after.window == before.window ? before.batch + 1 : 0);
  }
  EXPECT_THAT(pairs_of_window,
              ElementsAre(std::pair(0, 12), std::pair(1, 13), std::pair(2, 12), std::pair(3, 13)));
}

TEST(BatchStream, GoesOnExactlyWhereItStopped) {
  const ParallelCorpus corpus = corpus_of(50);
  BatchStream stream(corpus, kWindows);
  while (stream.position().epoch < 2) {
    BatchStream resumed(corpus, kWindows, stream.position());
    const StreamedBatch expected = stream.next();
    const StreamedBatch found = resumed.next();
    EXPECT_EQ(found.batch.pairs, expected.batch.pairs);
    EXPECT_TRUE(torch::equal(found.batch.target_input, expected.batch.target_input));
    EXPECT_EQ(found.pairs_of_epoch, expected.pairs_of_epoch);
    EXPECT_EQ(resumed.position(), stream.position());
  }
}

TEST(BatchStream, IsAPureFunctionOfSeedAndEpoch) {
  const ParallelCorpus corpus = corpus_of(500);
  const BatchingOptions seven{.batch_tokens = 30, .seed = 7, .window_pairs = 100};
  const BatchingOptions eight{.batch_tokens = 30, .seed = 8, .window_pairs = 100};
  EXPECT_EQ(epoch_of(corpus, seven, 3), epoch_of(corpus, seven, 3));
  EXPECT_NE(epoch_of(corpus, seven, 3), epoch_of(corpus, eight, 3));
  EXPECT_NE(epoch_of(corpus, seven, 3), epoch_of(corpus, seven, 4));
}

// A pair meets pairs from the whole text in its batch, whatever the window.
TEST(BatchStream, MixesTheWholeText) {
  const ParallelCorpus corpus = corpus_of(5000);
  double distances = 0;
  const auto batches = epoch_of(corpus, {.batch_tokens = 60, .seed = 1, .window_pairs = 500});
  int64_t neighbours = 0;
  for (const auto& batch : batches) {
    for (std::size_t i = 1; i < batch.size(); ++i) {
      distances += std::abs(static_cast<double>(batch[i] - batch[i - 1]));
      ++neighbours;
    }
  }
  EXPECT_NEAR(distances / static_cast<double>(neighbours) / 5000, 1.0 / 3, 0.02);
}

TEST(BatchStream, MixesPairsAnewEveryEpoch) {
  const ParallelCorpus corpus = corpus_of(5000);
  const auto sorted = [&](int64_t epoch) {
    auto batches = epoch_of(corpus, {.batch_tokens = 60, .seed = 1}, epoch);
    for (auto& batch : batches) std::sort(batch.begin(), batch.end());
    std::sort(batches.begin(), batches.end());
    return batches;
  };
  const auto first = sorted(0), second = sorted(1);
  std::vector<PairIndices> kept;
  std::set_intersection(first.begin(), first.end(), second.begin(), second.end(),
                        std::back_inserter(kept));
  EXPECT_THAT(kept.size(), Lt(first.size() / 10));
}

TEST(BatchStream, ShufflesTheOrderOfBatches) {
  const ParallelCorpus corpus = corpus_of(5000);
  const auto batches = epoch_of(corpus, {.batch_tokens = 60, .seed = 1});
  int longer_than_before = 0, different = 0;
  for (std::size_t i = 1; i < batches.size(); ++i) {
    const auto before = corpus.lengths(batches[i - 1][0]).target;
    const auto here = corpus.lengths(batches[i][0]).target;
    longer_than_before += here > before;
    different += here != before;
  }
  EXPECT_NEAR(longer_than_before, different / 2.0, different / 10.0);
}

// The same on every machine: a standard library with other distributions would not change it.
// Reference: tests/golden/corpus/make_golden.py.
TEST(BatchStream, OrderDoesNotDependOnTheMachine) {
  const ParallelCorpus corpus = corpus_of(IdLines(11, {4, 4}), IdLines(11, {5, 5}));
  const auto batches = epoch_of(corpus, {.batch_tokens = 3, .seed = 5, .window_pairs = 6}, 2);
  EXPECT_THAT(joined(batches), ElementsAre(5, 4, 2, 8, 1, 10, 7, 9, 3, 6, 0));
}

TEST(BatchStream, TakesOnePair) {
  const ParallelCorpus corpus = corpus_of(1);
  BatchStream stream(corpus, {30, 1});
  EXPECT_TRUE(stream.next().ends_epoch);
  EXPECT_EQ(stream.next().after, (DataPosition{2, 0, 0}));
}

// What one process would take one after the other, several take side by side.
TEST(BatchStream, IsDealtOutAmongProcesses) {
  const ParallelCorpus corpus = corpus_of(50);
  constexpr int64_t kWorld = 3;
  BatchStream alone(corpus, kWindows);
  std::vector<BatchStream> streams;
  for (int64_t rank = 0; rank < kWorld; ++rank) {
    auto options = kWindows;
    options.rank = rank;
    options.world = kWorld;
    streams.emplace_back(corpus, options);
  }
  int epochs = 0;
  while (alone.position().epoch < 3) {
    bool ends_epoch = false;
    std::vector<StreamedBatch> dealt;
    int64_t tokens = 0;
    for (auto& stream : streams) {
      dealt.push_back(stream.next());
      tokens += dealt.back().batch.target_tokens;
    }
    for (const auto& streamed : dealt) {
      EXPECT_EQ(streamed.target_tokens, tokens);
      const auto expected = alone.next();
      EXPECT_EQ(streamed.batch.pairs, expected.batch.pairs);
      ends_epoch |= expected.ends_epoch;
    }
    for (const auto& streamed : dealt) {
      EXPECT_EQ(streamed.after, alone.position());
      EXPECT_EQ(streamed.ends_epoch, ends_epoch);
      EXPECT_EQ(streamed.pairs_of_epoch, dealt[0].pairs_of_epoch);
    }
    EXPECT_LE(dealt[0].pairs_of_epoch, 50);
    epochs += ends_epoch;
  }
  EXPECT_EQ(epochs, 3);
}

TEST(BatchStream, RefusesPositionsAndCorporaThatAreNotThere) {
  const ParallelCorpus corpus = corpus_of(1);
  EXPECT_THROW(BatchStream(corpus, {.batch_tokens = 30}, {0, 0, 1}), std::out_of_range);
  EXPECT_THROW(BatchStream(corpus, {.batch_tokens = 30}, {0, 0, -1}), std::out_of_range);
  EXPECT_THROW(BatchStream(corpus, {.batch_tokens = 30}, {0, 1, 0}), std::out_of_range);
  EXPECT_THROW(BatchStream(corpus, {.batch_tokens = 30}, {0, -1, 0}), std::out_of_range);
  EXPECT_THROW(BatchStream(corpus, {.batch_tokens = 30, .window_pairs = 0}), std::invalid_argument);
  for (const int64_t rank : {-1, 2})
    EXPECT_THROW(BatchStream(corpus, {.window_pairs = 13, .rank = rank, .world = 2}),
                 std::invalid_argument);
  const ParallelCorpus empty = corpus_of(0);
  EXPECT_THROW(BatchStream(empty, {.batch_tokens = 30}), std::invalid_argument);
}

}  // namespace
}  // namespace weft
