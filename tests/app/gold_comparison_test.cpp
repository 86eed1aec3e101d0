#include "app/gold_comparison.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

/// Two words each, linked crosswise.
std::vector<Link> crossed() { return {{0, 1}, {1, 0}}; }

TEST(GoldComparison, AddsUpOverSentences) {
  const TemporaryDirectory directory;
  GoldComparison gold({directory.write("gold", "0-1 1-0\n0-0\n")});
  gold.add(crossed(), {2, 2});
  gold.add(crossed(), {2, 2});
  gold.require_all_used();
  // A = 4, S = 3, of which 2 are in both: precision 2/4, recall 2/3, AER 1 - 4/7.
  EXPECT_EQ(gold.summary(),
            "AER 0.4286  precision 0.5000  recall 0.6667  F1 0.5714  (4 links, 3 sure gold links)");
}

TEST(GoldComparison, ReadsOtherKinds) {
  const TemporaryDirectory directory;
  GoldComparison gold({directory.write("gold", "1-2 2-1\n"), true, FirstPosition::kOne});
  gold.add(crossed(), {2, 2});
  EXPECT_EQ(gold.summary().substr(0, 10), "AER 0.0000");
}

TEST(GoldComparison, NeedsOneLineForEachPair) {
  const TemporaryDirectory directory;
  const auto path = directory.write("gold", "0-0\n");
  GoldComparison gold({path});
  const auto refusal = [](auto act) {
    try {
      act();
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(
      refusal([&] { gold.require_all_used(); }),
      "the text to align has 0 lines, but " + path + " has 1 line; expected as many lines in both");
  gold.add(crossed(), {2, 2});
  EXPECT_EQ(refusal([&] { gold.require_all_used(); }), "");
  EXPECT_EQ(refusal([&] {
              gold.add(crossed(), {2, 2});
            }),
            path + " has 1 line, but the text to align has more; expected as many lines in both");
}

}  // namespace
}  // namespace weft
