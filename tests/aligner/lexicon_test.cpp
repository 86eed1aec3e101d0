#include "aligner/lexicon.h"

#include <gmock/gmock.h>

#include <utility>

#include "aligner/bitext_of.h"

namespace weft {
namespace {

constexpr FixedSum kOne = 32768;

/// The lexicon of two sentences: 3 source types and 4 target types.
struct SmallLexicon {
  explicit SmallLexicon(const LexiconOptions& options)
      : bitext(bitext_of({{"a b", "x y"}, {"a c", "x z w"}})),
        pool(1),
        pairs(bitext, pool),
        units(bitext, pairs, pool),
        lexicon(bitext, pairs, spelling(), options),
        counts(lexicon.zero_counts()) {}

  std::vector<float> spelling() const {
    std::vector<float> alike(pairs.size(), 0.0f);
    alike[pair("c", "z")] = 0.5f;
    return alike;
  }
  std::size_t pair(const char* source, const char* target) const {
    return find_pair(bitext, pairs, source, target);
  }
  float forward(const char* e, const char* f, float q) const {
    return lexicon.forward(lexicon.entry(pair(e, f)), bitext.source.types().find(e), q);
  }
  float backward(const char* e, const char* f, float q) const {
    return lexicon.backward(lexicon.entry(pair(e, f)), bitext.target.types().find(f), q);
  }

  Bitext bitext;
  WorkerPool pool;
  PairIndex pairs;
  UnitPairs units;
  Lexicon lexicon;
  Lexicon::Counts counts;
};

TEST(Lexicon, KnowsNothingButSpellingAtFirst) {
  const SmallLexicon small({});
  EXPECT_FLOAT_EQ(small.forward("a", "x", 0.0f), 1.0f / 4);
  EXPECT_FLOAT_EQ(small.backward("a", "x", 0.0f), 1.0f / 3);
  EXPECT_FLOAT_EQ(small.forward("c", "z", 0.0f), 21.0f / 4);
  EXPECT_FLOAT_EQ(small.backward("c", "z", 0.0f), 21.0f / 3);
  // What comes from nothing comes from a vocabulary of 10,000 words, however few the text has.
  EXPECT_FLOAT_EQ(small.lexicon.forward_nothing(0, 0.0f), 1.0f / 10'000);
  EXPECT_FLOAT_EQ(small.lexicon.backward_nothing(0, 0.0f), 1.0f / 10'000);
}

TEST(Lexicon, IsItsFormula) {
  SmallLexicon small({.backoff = 0.0, .spelling = 2.0, .uniform = 0.25});
  auto& counts = small.counts;
  counts.pairs[small.pair("a", "x")] = 3 * kOne / 2;
  counts.pairs[small.pair("a", "z")] = kOne / 2;
  counts.pairs[small.pair("c", "z")] = kOne;
  counts.target_nothing[small.bitext.target.types().find("w")] = kOne;
  counts.target_nothing[small.bitext.target.types().find("x")] = kOne / 2;
  counts.source_nothing[small.bitext.source.types().find("b")] = kOne / 4;
  small.lexicon.estimate(counts, small.units);
  // n(a, x) = 1.5, n(a) = 2, n(x) = 1.5; alpha = 0.25, V = 4 and 3.
  EXPECT_FLOAT_EQ(small.forward("a", "x", 0.0f), (1.5f + 0.25f) / (2.0f + 1.0f));
  EXPECT_FLOAT_EQ(small.forward("a", "x", 0.75f), (0.75f + 0.25f) / (1.25f + 1.0f));
  EXPECT_FLOAT_EQ(small.backward("a", "x", 0.75f), (0.75f + 0.25f) / (0.75f + 0.75f));
  EXPECT_FLOAT_EQ(small.forward("c", "z", 0.5f), (0.5f + 1.0f + 0.25f) / (0.5f + 1.0f));
  EXPECT_FLOAT_EQ(small.backward("c", "z", 0.5f), (0.5f + 1.0f + 0.25f) / (1.0f + 0.75f));
  EXPECT_FLOAT_EQ(small.forward("b", "y", 0.0f), 0.25f);
  const auto w = small.bitext.target.types().find("w");
  EXPECT_FLOAT_EQ(small.lexicon.forward_nothing(w, 0.5f), (0.5f + 0.25f) / (1.5f + 2500.0f));
  const auto b = small.bitext.source.types().find("b");
  EXPECT_FLOAT_EQ(small.lexicon.backward_nothing(b, 0.25f), 0.25f / (0.25f + 2500.0f));
}

// The cell of a word seen once judges by priors alone, whatever it was linked to.
TEST(Lexicon, LeavesACellsOwnCountOut) {
  SmallLexicon small({.backoff = 0.0, .spelling = 0.0, .uniform = 0.5});
  small.counts.pairs[small.pair("b", "y")] = kOne;
  small.lexicon.estimate(small.counts, small.units);
  EXPECT_FLOAT_EQ(small.forward("b", "y", 1.0f), 0.5f / (4 * 0.5f));
  EXPECT_FLOAT_EQ(small.backward("b", "y", 1.0f), 0.5f / (3 * 0.5f));
  EXPECT_FLOAT_EQ(small.forward("b", "y", 1.0001f), 0.25f) << "rounding leaves no negative count";
}

TEST(Lexicon, BacksOffToPartsOfWords) {
  const auto bitext = bitext_of({{"北京", "beijing"}, {"北京", "beijing"}, {"北海", "beijing"}});
  WorkerPool pool(1);
  const PairIndex pairs(bitext, pool);
  UnitPairs units(bitext, pairs, pool);
  Lexicon lexicon(bitext, pairs, {0.0f, 0.0f}, {.backoff = 6.0, .spelling = 0.0, .uniform = 0.5});
  auto counts = lexicon.zero_counts();
  counts.pairs[find_pair(bitext, pairs, "北京", "beijing")] = 2 * kOne;
  lexicon.estimate(counts, units);
  // P0(beijing | 北海) = 1/3, as of UnitPairs; P0(北海 | beijing) = 1/3 (1 / (2 + 1/2)), as 北 is
  // in three words and one of these is 北海.
  const auto& entry = lexicon.entry(find_pair(bitext, pairs, "北海", "beijing"));
  const float kappa = 6.0f * 3 / (3 + 100);  // of a text of three pairs
  EXPECT_FLOAT_EQ(lexicon.forward(entry, bitext.source.types().find("北海"), 0.0f),
                  (kappa / 3 + 0.5f) / (kappa + 0.5f));
  EXPECT_FLOAT_EQ(lexicon.backward(entry, 0, 0.0f), (kappa / 7.5f + 0.5f) / (2.0f + kappa + 1.0f));
}

}  // namespace
}  // namespace weft
