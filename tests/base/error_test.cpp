#include "base/error.h"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(Location, ShowsOnlyWhatIsKnown) {
  EXPECT_EQ(to_string(Location{"a.yaml"}), "a.yaml");
  EXPECT_EQ(to_string(Location{"a.yaml", 12}), "a.yaml:12");
  EXPECT_EQ(to_string(Location{"a.yaml", 12, 3}), "a.yaml:12:3");
}

TEST(UserError, BeginsWithThePlace) {
  EXPECT_STREQ(UserError("no model").what(), "no model");
  EXPECT_STREQ(UserError({"a.yaml", 2, 7}, "no model").what(), "a.yaml:2:7: no model");
  EXPECT_STREQ(UserError(Location{}, "no model").what(), "no model");
}

TEST(Problems, AreReportedTogetherInOrder) {
  Problems problems;
  EXPECT_TRUE(problems.empty());
  EXPECT_NO_THROW(problems.throw_if_any());
  problems.add({"a.yaml", 2}, "first");
  problems.add("second");
  EXPECT_FALSE(problems.empty());
  try {
    problems.throw_if_any();
    FAIL() << "nothing thrown";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "a.yaml:2: first\nsecond");
  }
}

TEST(NearestName, FindsSlipsOfTheFingers) {
  const std::vector<std::string> names = {"batch", "hidden", "dropout", "layers"};
  EXPECT_EQ(nearest_name("hiden", names), "hidden");
  EXPECT_EQ(nearest_name("bacth", names), "batch");
  EXPECT_EQ(nearest_name("droput", names), "dropout");
  EXPECT_EQ(nearest_name("layers", names), "layers");
}

TEST(NearestName, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("optimiser", {"batch", "hidden"}), "");
  EXPECT_EQ(nearest_name("hidden", {}), "");
  // "batch" to "march": 2 edits, more than a third of 5 letters.
  EXPECT_EQ(nearest_name("march", {"batch"}), "");
}

TEST(NearestName, TakesTheNearerOfTwo) {
  EXPECT_EQ(nearest_name("learning_rat", {"learning_ratio", "learning_rate"}), "learning_rate");
}

}  // namespace
}  // namespace weft
