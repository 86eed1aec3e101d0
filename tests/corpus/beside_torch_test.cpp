// LibTorch and SentencePiece each bring a protobuf; here both are in one program.

#include <gtest/gtest.h>
#include <torch/types.h>

#include "base/temporary_directory.h"
#include "data/corpus.h"
#include "text/vocabulary_factory.h"

namespace weft {
namespace {

TEST(Corpus, EncodesWithSentencePieceBesideLibTorch) {
  const TemporaryDirectory directory;
  const auto pieces = load_vocabulary(WEFT_GOLDEN "/text/unigram.model");
  const ParallelFiles files{{{directory.write("x", "A man\n我喜欢\n")}},
                            {directory.write("y", "Ein Mann\nIch mag\n")}};
  const ParallelCorpus corpus(files, {{{pieces}}, pieces}, {directory.path(""), 100, 2});
  ASSERT_EQ(corpus.size(), 2);
  EXPECT_EQ(pieces->decode(corpus[1].sources[0].ids).text, "我喜欢");
  EXPECT_EQ(torch::ones({2, 2}).sum().item<float>(), 4.0F);
  VocabularyOptions options;
  options.source_size = {300};
  options.target_size = 300;
  options.shared = true;
  std::string text;
  for (int i = 0; i < 200; ++i) text += std::to_string(i * i * i + 12345) + " numbers as words\n";
  const std::string numbers = directory.write("numbers", text);
  EXPECT_EQ(build_vocabularies(options, {{numbers}}, {numbers}).target->size(), 300);
}

}  // namespace
}  // namespace weft
