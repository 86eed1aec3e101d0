#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/temporary_directory.h"
#include "data/corpus.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

constexpr int kLines = 6000;  // several blocks for each thread

/// Encodes as a list of words does, and fails when it is asked for the `last` time.
class FailingVocabulary : public Vocabulary {
 public:
  explicit FailingVocabulary(int last) : left_(last) {}

  EncodedLine encode(std::string_view line) const override {
    if (--left_ == 0) throw std::runtime_error("cannot encode");
    return words_.encode(line);
  }
  int64_t size() const override { return words_.size(); }
  std::string_view piece(int64_t id) const override { return words_.piece(id); }
  std::string text_of(int64_t id) const override { return words_.text_of(id); }
  DecodedLine decode(const std::vector<int32_t>& ids) const override { return words_.decode(ids); }
  std::vector<int32_t> unprintable_ids() const override { return words_.unprintable_ids(); }
  const std::string& serialized() const override { return words_.serialized(); }
  std::string_view file_ending() const override { return words_.file_ending(); }

 private:
  WordVocabulary words_{"a\nb\n", "words"};
  mutable std::atomic<int> left_;
};

class CorpusEncoderThreads : public testing::Test {
 protected:
  std::string text(int bad_line) const {
    std::string text;
    for (int i = 1; i <= kLines; ++i)
      text += i == bad_line ? "a\xFF\n" : i % 3 == 0 ? "a b\n" : "b\n";
    return text;
  }

  ParallelCorpus encode(const ParallelFiles& files, const std::shared_ptr<Vocabulary>& vocabulary,
                        int threads) {
    return ParallelCorpus(files, {{{vocabulary}}, vocabulary}, {directory_.path(""), 100, threads});
  }

  TemporaryDirectory directory_;
};

TEST_F(CorpusEncoderThreads, EncodeAsOneDoes) {
  const ParallelFiles files{{{directory_.write("x", text(0))}}, {directory_.write("y", text(0))}};
  const auto vocabulary = std::make_shared<WordVocabulary>("a\nb\n", "words");
  const auto expected = encode(files, vocabulary, 1).fingerprint();
  for (const int threads : {2, 3, 8})
    EXPECT_EQ(encode(files, vocabulary, threads).fingerprint(), expected);
}

TEST_F(CorpusEncoderThreads, FailWhereverTheVocabularyFails) {
  const ParallelFiles files{{{directory_.write("x", text(0))}}, {directory_.write("y", text(0))}};
  for (const int last : {1, 2, 999, 2001, 5000, 2 * kLines - 1, 2 * kLines}) {
    const auto vocabulary = std::make_shared<FailingVocabulary>(last);
    EXPECT_THROW(encode(files, vocabulary, 4), std::runtime_error) << last;
  }
}

TEST_F(CorpusEncoderThreads, FailWhereverTheTextFails) {
  const std::string whole = directory_.write("y", text(0));
  const auto vocabulary = std::make_shared<WordVocabulary>("a\nb\n", "words");
  for (const int line : {1, 1000, 1001, 2500, kLines}) {
    const ParallelFiles files{{{directory_.write("x", text(line))}}, {whole}};
    EXPECT_THROW(encode(files, vocabulary, 4), UserError) << line;
  }
}

}  // namespace
}  // namespace weft
