#include "app/region_files.h"

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "text/user_error.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

constexpr const char* kGold =
    R"({"image":"a.png","width":40,"height":20,"boxes":{"1":[[0,0,10,10]],"2":[[20,0,40,20]]},)"
    R"("sentences":[{"text":"A dog sees two cats .","phrases":[[0,2,"1","dog"],[2,3,"9","none"],)"
    R"([3,5,"2","cat"]]}]})"
    "\n";

/// Tokens: "a", "dog", "sees", "two c", "ats", "." and an end; over a grid of 1 x 4.
std::string alignment(const std::string& source,
                      const std::string& target = "a dog sees two cats.") {
  return R"({"source":{"text":")" + source + R"("},"target":{"text":")" + target +
         R"(","tokens":[{"begin":0,"end":1},{"begin":2,"end":5},{"begin":6,"end":10},)"
         R"({"begin":11,"end":16},{"begin":16,"end":19},{"begin":19,"end":20},)"
         R"({"begin":20,"end":20,"end_of_sentence":true}]},"grid":[1,4],)"
         R"("matrix":[[1,0,0,0],[0.5,0.5,0,0],[0,0,0,1],[0,0.5,0.5,0],[0,0,0,1],[1,0,0,0],[1,0,0,0]]})"
         "\n";
}

class RegionFiles : public testing::Test {
 protected:
  RegionReport score(const std::string& alignments, const std::string& gold = kGold) {
    return score_regions({directory_.write("a", alignments), directory_.write("gold", gold)});
  }
  std::string complaint(const std::string& alignments, const std::string& gold = kGold) {
    return user_error([&] { score(alignments, gold); });
  }
  TemporaryDirectory directory_;
};

TEST_F(RegionFiles, JoinTokensToPhrases) {
  const auto report = score(alignment("pictures/a.png"));
  ASSERT_EQ(report.classes.size(), 2U);
  // "A dog": (1 + 0.5) / 2 of the weight in the first cell, half of which is the box.
  const RegionTotals& dog = report.classes.at("dog");
  EXPECT_EQ(dog.count, 1);
  EXPECT_NEAR(dog.mass, 0.375, 1e-12);
  EXPECT_NEAR(dog.uniform, 0.125, 1e-12);
  EXPECT_EQ(dog.hits, 0);  // the cell's middle is (5, 10), the box ends at 10
  const RegionTotals& cat = report.classes.at("cat");
  EXPECT_NEAR(cat.mass, 0.75, 1e-12);
  EXPECT_EQ(cat.hits, 1);
  EXPECT_EQ(cat.centre_hits, 1);
  EXPECT_EQ(report.all.count, 2);
}

TEST_F(RegionFiles, LeaveOutWhatIsInNoPlace) {
  auto text = alignment("a.png");
  const auto rows = text.find("[[1,0,0,0]");
  text.replace(rows, std::string::npos,
               "[[0.5,0,0,0,0.5],[0.25,0.25,0,0,0.5],[0,0,0,0,1],[0,0,0,0,1],[0,0,0,0,1],"
               "[0,0,0,0,1],[0,0,0,0,1]]}\n");
  const auto report = score(text);
  EXPECT_NEAR(report.classes.at("dog").mass, 0.375, 1e-12);
  EXPECT_NEAR(report.classes.at("cat").mass, 0.5, 1e-12) << "uniform, over half of the picture";
}

TEST_F(RegionFiles, CountTextsThatAreNotGold) {
  const auto report = score(alignment("a.png") + alignment("a.png", "a dog sees two bats."));
  EXPECT_EQ(report.lines, 2);
  EXPECT_EQ(report.unknown, 1);
  EXPECT_THAT(complaint(alignment("a.png", "a dog sees two bats.")),
              HasSubstr("has no target that is a sentence of the gold"));
}

TEST_F(RegionFiles, SayWhatIsWrongAndWhere) {
  EXPECT_THAT(complaint(alignment("b.png")),
              HasSubstr("a:1: has 'b.png' for its source, which has no gold"));
  EXPECT_THAT(complaint("{}\n"), HasSubstr("a:1: is no alignment in JSON"));
  EXPECT_THAT(complaint(""), HasSubstr("a: holds no lines"));
  EXPECT_THAT(complaint("x", "x\n"), HasSubstr("gold:1: is no gold item"));
  EXPECT_THAT(complaint("x", ""), HasSubstr("gold: holds no lines"));
  std::string text = alignment("a.png");
  text.replace(text.find("[1,4]"), 5, "[2,4]");
  EXPECT_THAT(complaint(text), HasSubstr("a:1: has a row of 4 weights; expected 8"));
  text = alignment("a.png");
  text.replace(text.find("grid"), 4, "gird");
  EXPECT_THAT(complaint(text), HasSubstr("a:1: has no grid"));
  std::string gold = kGold;
  gold.replace(gold.find("[3,5,"), 5, "[3,9,");
  EXPECT_THAT(complaint("x", gold), HasSubstr("gold:1: has phrase [3,9,"));
  gold = kGold;
  gold.replace(gold.find("[20,0,40,20]"), 12, "[50,0,40,20]");
  EXPECT_THAT(complaint("x", gold), HasSubstr("gold:1: has box [50,0,40,20]"));
}

}  // namespace
}  // namespace weft
