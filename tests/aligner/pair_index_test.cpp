#include "aligner/pair_index.h"

#include <gmock/gmock.h>

#include <array>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "aligner/bitext_of.h"

namespace weft {
namespace {

std::string random_sentence(std::mt19937& random) {
  std::string sentence;
  for (std::size_t words = random() % 6; words > 0; --words) {
    sentence += 'w' + std::to_string(random() % 900);
    sentence += ' ';
  }
  return sentence;
}

/// More types and sentences than one task has.
Bitext random_text() {
  std::mt19937 random(1);
  Bitext bitext;
  for (int k = 0; k < 2500; ++k)
    add_sentences(bitext, random_sentence(random), random_sentence(random));
  return bitext;
}

/// A kept cell: source and target position, number, pair.
using Cell = std::array<std::size_t, 4>;

std::vector<Cell> cells_of(const Bitext& bitext, const PairIndex& pairs, std::size_t k) {
  std::vector<Cell> cells;
  pairs.for_each_cell(k, bitext.source.length(k), bitext.target.length(k),
                      [&](std::size_t s, std::size_t t, std::size_t cell, PairIndex::Id pair) {
                        cells.push_back({s, t, cell, pair});
                      });
  return cells;
}

/// How often words stand together.
using Together = std::map<std::pair<WordTypes::Id, WordTypes::Id>, std::size_t>;

Together count_together(const Bitext& bitext) {
  Together together;
  for (std::size_t k = 0; k < bitext.pairs(); ++k)
    for (const auto source : bitext.source.sentence(k))
      for (const auto target : bitext.target.sentence(k)) ++together[{source, target}];
  return together;
}

/// Each cell whose words `is_kept` holds for is there, with the number of its pair; and no other.
template <class IsKept>
void expect_cells(const Bitext& bitext, const PairIndex& pairs, IsKept is_kept) {
  std::size_t number = 0;
  for (std::size_t k = 0; k < bitext.pairs(); ++k) {
    EXPECT_EQ(pairs.begin(k), number);
    const auto cells = cells_of(bitext, pairs, k);
    auto cell = cells.begin();
    for (std::size_t s = 0; s < bitext.source.length(k); ++s) {
      for (std::size_t t = 0; t < bitext.target.length(k); ++t) {
        const auto source = bitext.source.sentence(k)[s], target = bitext.target.sentence(k)[t];
        if (!is_kept(source, target)) continue;
        ASSERT_NE(cell, cells.end());
        const auto [found_s, found_t, found_number, pair] = *cell++;
        EXPECT_EQ(found_s, s);
        EXPECT_EQ(found_t, t);
        EXPECT_EQ(found_number, number++);
        EXPECT_TRUE(pairs.row(source) <= pair && pair < pairs.row(source + 1));
        EXPECT_EQ(pairs.target(pair), target);
      }
    }
    EXPECT_EQ(cell, cells.end());
  }
  EXPECT_EQ(pairs.begin(bitext.pairs()), number);
}

TEST(PairIndex, NumbersEachCellsPairOnce) {
  const auto bitext = random_text();
  WorkerPool pool(1);
  const PairIndex pairs(bitext, pool);
  expect_cells(bitext, pairs, [](WordTypes::Id, WordTypes::Id) { return true; });
  EXPECT_EQ(pairs.size(), count_together(bitext).size());
  EXPECT_EQ(pairs.source_types(), bitext.source.types().size());
  EXPECT_EQ(pairs.row(static_cast<WordTypes::Id>(pairs.source_types())), pairs.size());
}

TEST(PairIndex, DropsPairsByChanceOfTextsWithManyCells) {
  const auto bitext = random_text();
  const auto together = count_together(bitext);
  const PruningOptions pruning{.cells = 1000, .rare = 6};
  WorkerPool pool(2);
  const PairIndex pairs(bitext, pool, pruning);
  const auto is_kept = [&](WordTypes::Id source, WordTypes::Id target) {
    const double e = bitext.source.frequencies()[source], f = bitext.target.frequencies()[target];
    const auto times = static_cast<double>(together.at({source, target}));
    return e <= 6 || f <= 6 || (times > 1 && times >= e * f / static_cast<double>(bitext.pairs()));
  };
  expect_cells(bitext, pairs, is_kept);
  EXPECT_LT(pairs.size(), together.size());
  EXPECT_GT(pairs.size(), together.size() / 10);
}

TEST(PairIndex, DoesNotDependOnThreads) {
  const auto bitext = random_text();
  WorkerPool one(1);
  const PairIndex expected(bitext, one);
  for (const int threads : {2, 4}) {
    WorkerPool pool(threads);
    const PairIndex pairs(bitext, pool);
    ASSERT_EQ(pairs.size(), expected.size());
    for (std::size_t pair = 0; pair < pairs.size(); ++pair)
      ASSERT_EQ(pairs.target(pair), expected.target(pair));
    for (std::size_t k = 0; k < bitext.pairs(); ++k)
      ASSERT_EQ(cells_of(bitext, pairs, k), cells_of(bitext, expected, k)) << k;
  }
}

TEST(PairIndex, HasNoCellsOfWhatIsTooLong) {
  Bitext bitext;
  std::string endless;
  for (int n = 0; n < 3000; ++n) endless += "w" + std::to_string(n % 5) + " ";
  add_sentences(bitext, endless, endless);
  add_sentences(bitext, "w1", "w2");
  WorkerPool pool(1);
  const PairIndex pairs(bitext, pool);
  EXPECT_EQ(pairs.begin(1), 0u);
  EXPECT_EQ(pairs.size(), 1u);
}

TEST(PairIndex, MayBeOfNoText) {
  WorkerPool pool(1);
  EXPECT_EQ(PairIndex(Bitext(), pool).size(), 0u);
  EXPECT_EQ(PairIndex(bitext_of({{"a", ""}, {"", ""}}), pool).size(), 0u);
}

}  // namespace
}  // namespace weft
