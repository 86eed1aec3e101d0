#include "aligner/fertility.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "align/alignment_error_rate.h"
#include "aligner/bitext_of.h"
#include "aligner/word_aligner.h"

namespace weft {
namespace {

TEST(Fertility, ExpectsWhatAWordHadElsewhere) {
  EXPECT_DOUBLE_EQ(expected_fertility(0.0, 0.0, 0.75), 0.75);  // nowhere else: as words at large
  EXPECT_DOUBLE_EQ(expected_fertility(5.0, 2.0, 1.0), 2.0);
  EXPECT_DOUBLE_EQ(fertility_factor(1.0, 3.0), 0.5);
  EXPECT_DOUBLE_EQ(fertility_factor(3.0, 1.0), 2.0);
  EXPECT_DOUBLE_EQ(fertility_factor(1.25, 1.25), 1.0);
}

// "a" twice, "b" once, by hand: what a word itself had does not count for it.
TEST(Fertility, LeavesOutTheWordItself) {
  const auto bitext = bitext_of({{"a b", "x"}, {"a", "y"}});
  const auto a = bitext.source.types().find("a"), b = bitext.source.types().find("b");
  WorkerPool pool(1);
  Fertility fertility(bitext.source);
  EXPECT_EQ(fertility.factor(0), 1.0f);
  const auto count = [&] {
    fertility.count(0, a, 3.0f);
    fertility.count(1, b, 0.0f);
    fertility.count(2, a, 1.5f);
    fertility.estimate(pool);
  };
  count();
  const double mean = 4.5 / 3;
  const double first = ((1.5 + mean) / 2 + 1) / (3.0 + 1), second = (mean + 1) / (0.0 + 1),
               third = ((3.0 + mean) / 2 + 1) / (1.5 + 1);
  EXPECT_NEAR(fertility.factor(0), first, 1e-3);
  EXPECT_NEAR(fertility.factor(1), second, 1e-3);
  EXPECT_NEAR(fertility.factor(2), third, 1e-3);
  EXPECT_FLOAT_EQ(fertility.mean(a), 2.25f);
  EXPECT_FLOAT_EQ(fertility.mean(b), 0.0f);
  count();  // on top of what was
  EXPECT_NEAR(fertility.factor(0), first * first, 1e-3);
  EXPECT_NEAR(fertility.factor(2), third * third, 1e-3);
}

TEST(Fertility, OfAnythingIsAFactor) {
  const auto bitext = bitext_of({{"a b", "x"}, {"", "y"}, {"a", ""}});
  const auto a = bitext.source.types().find("a"), b = bitext.source.types().find("b");
  WorkerPool pool(2);
  Fertility fertility(bitext.source);
  for (int time = 0; time < 40; ++time) {
    fertility.count(0, a, 2000.0f);
    fertility.count(1, b, 0.0f);
    fertility.estimate(pool);
  }
  EXPECT_GT(fertility.factor(0), 0.0f);
  EXPECT_LT(fertility.factor(1), 1e6f);
  EXPECT_GT(fertility.factor(2), 0.0f);
}

/// A language that says the second of two clauses first, and now and then puts a "wa" behind a
/// word.
struct TurnedClauses {
  Bitext bitext;
  std::vector<std::vector<Link>> gold;

  explicit TurnedClauses(int sentences) {
    for (int k = 0; k < sentences; ++k) {
      const std::size_t first = 3 + random() % 6, length = first + 3 + random() % 6;
      std::vector<std::string> words;
      std::string source, target;
      for (std::size_t n = 0; n < length; ++n) {
        words.push_back(number());
        if (n == first) source += "because ";
        source += "s" + words.back() + ' ';
      }
      std::vector<Link> links;
      int t = 0;
      for (std::size_t m = 0; m < length; ++m) {
        const std::size_t n = (m + first) % length;
        if (n == 0) {
          target += "kara ";
          links.push_back({static_cast<int>(first), t++});
        }
        target += "t" + words[n] + ' ';
        links.push_back({static_cast<int>(n < first ? n : n + 1), t++});
        if (random() % 7 != 0) continue;
        target += "wa ";
        ++t;
      }
      add_sentences(bitext, source, target);
      gold.push_back(links);
    }
  }

 private:
  /// The letters of a word, of which a few are frequent and many rare.
  std::string number() {
    const auto draw = static_cast<double>(random() % 1000) / 1000.0;
    auto word = static_cast<int>(draw * draw * draw * 900.0);
    std::string letters;
    for (int n = 0; n < 4; ++n, word /= 6) letters += static_cast<char>('a' + word % 6);
    return letters;
  }

  std::mt19937 random{1};
};

double error_rate(const TurnedClauses& text, bool fertility) {
  WorkerPool pool(1);
  AlignerOptions options;
  options.fertility = fertility;
  WordAligner aligner(text.bitext, options, pool);
  aligner.train();
  const auto pairs = aligner.posteriors(0, text.bitext.pairs());
  AlignmentErrorRate rate;
  for (std::size_t k = 0; k < pairs.size(); ++k) rate.add(posterior_links(pairs[k]), text.gold[k]);
  return rate.aer();
}

// Without it rare words take what nothing else explains.
TEST(Fertility, SparesLinksOfRareWords) {
  const TurnedClauses text(500);
  const double without = error_rate(text, false), with = error_rate(text, true);
  EXPECT_LT(with, 0.7 * without) << "without: " << without;
}

}  // namespace
}  // namespace weft
