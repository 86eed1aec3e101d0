#include "data/corpus.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include "base/temporary_directory.h"
#include "text/user_error.h"
#include "text/vocabulary_factory.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<int32_t> ids(std::span<const int32_t> tokens) { return {tokens.begin(), tokens.end()}; }

class CorpusTest : public testing::Test {
 protected:
  ParallelCorpus read(const std::string& source, const std::string& target, int64_t max_length) {
    return ParallelCorpus(
        {{directory_.write("train.x", source)}, {directory_.write("train.y", target)}},
        {source_, target_}, max_length);
  }

  TemporaryDirectory directory_;
  WordVocabulary source_{"a\nb\nc\n", "x"};
  WordVocabulary target_{"A\nB\nC\n", "y"};
};

TEST_F(CorpusTest, HoldsIdsWithoutBeginOrEnd) {
  const ParallelCorpus corpus = read("a b\nc\n", "C\nB unseen A\n", 100);
  ASSERT_EQ(corpus.size(), 2);
  EXPECT_THAT(ids(corpus[0].source), ElementsAre(4, 5));
  EXPECT_THAT(ids(corpus[0].target), ElementsAre(6));
  EXPECT_THAT(ids(corpus[1].source), ElementsAre(6));
  EXPECT_THAT(ids(corpus[1].target), ElementsAre(5, kUnknownId, 4));
  EXPECT_EQ(corpus.source_length(0), 2);
  EXPECT_EQ(corpus.target_length(1), 3);
  EXPECT_THROW(corpus[2], std::out_of_range);
}

TEST_F(CorpusTest, CountsWhatItLeavesOut) {
  const ParallelCorpus corpus = read("a\n\na b c\n \na\nb\nb\n", "A\n\nA\nA\n\t\nA A A\nB\n", 2);
  const CorpusReport& report = corpus.report();
  EXPECT_EQ(report.lines, 7);
  EXPECT_EQ(report.pairs, 2);
  EXPECT_EQ(corpus.size(), 2);
  EXPECT_EQ(report.both_blank, 1);
  EXPECT_EQ(report.one_sided_blank, 2);
  EXPECT_EQ(to_string(report.first_one_sided_blank), directory_.path("train.x") + ":4");
  EXPECT_EQ(report.too_long, 2) << "one long source, one long target";
  EXPECT_THAT(ids(corpus[1].source), ElementsAre(5));
}

TEST_F(CorpusTest, NamesTheTargetsBlankLineToo) {
  const ParallelCorpus corpus = read("a\nb\n", "A\n\n", 2);
  EXPECT_EQ(to_string(corpus.report().first_one_sided_blank), directory_.path("train.y") + ":2");
}

TEST_F(CorpusTest, HasNoLimitAtZero) { EXPECT_EQ(read("a b c a b c\n", "A\n", 0).size(), 1); }

TEST_F(CorpusTest, PassesOnWhatReadingThrows) {
  EXPECT_THAT(user_error([&] { read("a\n", "A\nB\n", 9); }), HasSubstr("has 2; expected"));
  EXPECT_THAT(user_error([&] { read("a\xFF\n", "A\n", 9); }), HasSubstr(":1: not valid UTF-8"));
}

TEST_F(CorpusTest, OfNoLinesIsEmpty) {
  EXPECT_EQ(read("", "", 9).size(), 0);
  EXPECT_EQ(ParallelCorpus(TokenLines(), TokenLines()).size(), 0);
}

TEST_F(CorpusTest, RefusesSidesOfDifferentLength) {
  TokenLines one;
  one.add({4});
  EXPECT_THROW(ParallelCorpus(one, TokenLines()), std::invalid_argument);
}

// LibTorch and SentencePiece each bring a protobuf; here both are in one program.
TEST_F(CorpusTest, EncodesWithSentencePieceBesideLibTorch) {
  const auto pieces = load_vocabulary(WEFT_GOLDEN "/text/unigram.model");
  const ParallelFiles files{{directory_.write("x", "A man\n我喜欢\n")},
                            {directory_.write("y", "Ein Mann\nIch mag\n")}};
  const ParallelCorpus corpus(files, {*pieces, *pieces}, 100);
  ASSERT_EQ(corpus.size(), 2);
  EXPECT_EQ(pieces->decode(ids(corpus[1].source)).text, "我喜欢");
  EXPECT_EQ(torch::ones({2, 2}).sum().item<float>(), 4.0F);
  VocabularyOptions options;
  options.source_size = options.target_size = 300;
  options.shared = true;
  std::string text;
  for (int i = 0; i < 200; ++i) text += std::to_string(i * i * i + 12345) + " numbers as words\n";
  const std::string numbers = directory_.write("numbers", text);
  EXPECT_EQ(build_vocabularies(options, {numbers}, {numbers}).source->size(), 300);
}

}  // namespace
}  // namespace weft
