#include "aligner/jump_table.h"

#include <gmock/gmock.h>

#include <cmath>

namespace weft {
namespace {

TEST(JumpTable, FavoursTheNextWordAtFirst) {
  const JumpTable table(2);
  for (const int jump : {-200, -3, 0, 1, 5, 200}) {
    EXPECT_NEAR(table.weight(0, jump), std::exp(-std::abs(jump - 1) / 3.0) + 0.01, 1e-7) << jump;
    EXPECT_EQ(table.weight(1, jump), table.weight(0, jump));
  }
}

TEST(JumpTable, SharesWhatOtherClassesSaw) {
  JumpCounts counts(2);
  counts.add(0, 1, 6.0f);
  counts.add(0, -2, 1.0f);
  counts.add(1, 1, 0.25f);
  JumpTable table(2);
  table.estimate(counts, 10.0);
  const double total = 7.25 + 0.5 * 401;
  EXPECT_NEAR(table.weight(0, 1), 6.0 + 10.0 * 6.75 / total, 1e-5);
  EXPECT_NEAR(table.weight(1, 1), 0.25 + 10.0 * 6.75 / total, 1e-5);
  EXPECT_NEAR(table.weight(1, -2), 10.0 * 1.5 / total, 1e-5);
  EXPECT_NEAR(table.weight(1, 7), 10.0 * 0.5 / total, 1e-5);
}

TEST(JumpTable, TellsHowClassesDifferFromAll) {
  JumpCounts counts(2);
  counts.add(0, 1, 6.0f);
  counts.add(1, -2, 1.0f);
  auto table = JumpTable::ones(2);
  EXPECT_EQ(table.weight(1, 7), 1.0f);
  table.estimate_factors(counts, 10.0);
  const double total = 7.0 + 0.5 * 401;
  EXPECT_NEAR(table.weight(0, 1), (6.0 + 10.0) / (6.0 * 6.5 / total + 10.0), 1e-6);
  EXPECT_NEAR(table.weight(0, 7), 10.0 / (6.0 * 0.5 / total + 10.0), 1e-6);
  EXPECT_NEAR(table.weight(1, 1), 10.0 / (6.5 / total + 10.0), 1e-6);
}

TEST(JumpCounts, AddUpAndTakeFarJumpsForTheFarthest) {
  JumpCounts counts(1), more(1);
  counts.add(0, 200, 0.5f);
  counts.add(0, 5000, 0.25f);
  more.add(0, 201, 1.0f);
  more.add(0, -300, 2.0f);
  counts.add(more);
  EXPECT_DOUBLE_EQ(counts.count(0, JumpCounts::column(200)), 1.75);
  EXPECT_DOUBLE_EQ(counts.count(0, JumpCounts::column(-200)), 2.0);
  EXPECT_DOUBLE_EQ(counts.count(0, JumpCounts::column(199)), 0.0);
  counts.clear();
  EXPECT_DOUBLE_EQ(counts.count(0, JumpCounts::column(200)), 0.0);
}

TEST(JumpClasses, AreTheCommonestWordsAndTheRest) {
  const JumpClasses classes({2, 3, 1, 2}, 2);
  EXPECT_EQ(classes.size(), 4u);
  EXPECT_EQ(classes.of(0), 2u) << "the first of two that are as common";
  EXPECT_EQ(classes.of(1), 1u);
  EXPECT_EQ(classes.of(2), 0u);
  EXPECT_EQ(classes.of(3), 0u);
  EXPECT_EQ(classes.of(WordTypes::kUnknown), 0u);
  EXPECT_EQ(classes.start(), 3u);
}

TEST(JumpClasses, AreAtMostOneForEachWord) {
  EXPECT_EQ(JumpClasses({1, 1}, 40).size(), 4u);
  EXPECT_EQ(JumpClasses({1, 1}, 0).of(0), 0u);
  EXPECT_EQ(JumpClasses({1, 1}, 0).start(), 1u);
}

}  // namespace
}  // namespace weft
