#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "aligner/bitext_of.h"
#include "aligner/toy_language.h"
#include "aligner/word_aligner.h"

namespace weft {
namespace {

void expect_same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(float)), 0);
}

/// Long enough for many tasks in every step.
Bitext long_sentences() {
  ToyLanguage language(2);
  Bitext bitext;
  for (int k = 0; k < 120; ++k) {
    std::string source, target;
    for (int part = 0; part < 5; ++part) {
      const auto sentence = language.next();
      source += sentence.source + " s" + std::to_string(k * 5 + part) + " ";
      target += sentence.target + " t" + std::to_string(k * 5 + part) + " ";
    }
    add_sentences(bitext, source, target);
  }
  return bitext;
}

std::vector<PairPosteriors> aligned(const Bitext& bitext, int threads) {
  AlignerOptions options;
  options.hmm_iterations = 2;
  WorkerPool pool(threads);
  WordAligner aligner(bitext, options, pool);
  aligner.train();
  return aligner.posteriors(0, bitext.pairs());
}

TEST(WordAlignerThreads, ChangeNoBit) {
  const auto bitext = long_sentences();
  const auto expected = aligned(bitext, 1);
  for (const int threads : {2, 3}) {
    const auto found = aligned(bitext, threads);
    for (std::size_t k = 0; k < expected.size(); ++k) {
      expect_same_bits(found[k].forward, expected[k].forward);
      expect_same_bits(found[k].backward, expected[k].backward);
      expect_same_bits(found[k].forward_nothing, expected[k].forward_nothing);
      expect_same_bits(found[k].backward_nothing, expected[k].backward_nothing);
    }
  }
}

}  // namespace
}  // namespace weft
