#include "config/period.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace weft {
namespace {

constexpr int64_t kMaximum = INT64_MAX;

TEST(ParsePeriod, ReadsMariansUnits) {
  struct Case {
    std::string text;
    int64_t count;
    Period::Unit unit;
  };
  for (const Case& c :
       {Case{"10e", 10, Period::Unit::kEpochs}, Case{"5000u", 5000, Period::Unit::kUpdates},
        Case{"1Mt", 1'000'000, Period::Unit::kTargetTokens},
        Case{"100ku", 100'000, Period::Unit::kUpdates},
        Case{"2Kt", 2000, Period::Unit::kTargetTokens}, Case{"0e", 0, Period::Unit::kEpochs},
        Case{"0", 0, Period::Unit::kUpdates},
        Case{"9223372036854775807u", kMaximum, Period::Unit::kUpdates}}) {
    Period period{7, Period::Unit::kEpochs};
    EXPECT_TRUE(parse_period(c.text, period)) << c.text;
    EXPECT_EQ(period.count, c.count) << c.text;
    EXPECT_EQ(period.unit, c.unit) << c.text;
  }
}

TEST(ParsePeriod, RefusesAnythingElseAndLeavesThePeriodAlone) {
  for (const std::string text : {"",
                                 "5",
                                 "u",
                                 "ku",
                                 "5x",
                                 "5 u",
                                 " 5u",
                                 "5u ",
                                 "-5u",
                                 "-0u",
                                 "+5u",
                                 "1.5e",
                                 "1e3",
                                 "5uk",
                                 "5kku",
                                 "5mt",
                                 "0x5u",
                                 "9223372036854775808u",
                                 "9223372036854776ku",
                                 "9223372036854775807Mt"}) {
    Period period{7, Period::Unit::kEpochs};
    EXPECT_FALSE(parse_period(text, period)) << text;
    EXPECT_EQ(period.count, 7);
    EXPECT_EQ(period.unit, Period::Unit::kEpochs);
  }
}

TEST(FormatPeriod, ShortensOnlyWholeThousandsAndMillions) {
  EXPECT_EQ(format_period({5000, Period::Unit::kUpdates}), "5000u");
  EXPECT_EQ(format_period({100'000, Period::Unit::kUpdates}), "100ku");
  EXPECT_EQ(format_period({2'000'000, Period::Unit::kTargetTokens}), "2Mt");
  EXPECT_EQ(format_period({2'000'001, Period::Unit::kTargetTokens}), "2000001t");
  EXPECT_EQ(format_period({0, Period::Unit::kEpochs}), "0e");
}

TEST(FormatPeriod, ReadsBackToTheSamePeriod) {
  for (const int64_t count : {int64_t{0}, int64_t{1}, int64_t{9999}, int64_t{10'000},
                              int64_t{1'500'000}, int64_t{3'000'000}, kMaximum}) {
    for (const auto unit :
         {Period::Unit::kUpdates, Period::Unit::kEpochs, Period::Unit::kTargetTokens}) {
      Period period;
      ASSERT_TRUE(parse_period(format_period({count, unit}), period));
      EXPECT_EQ(period.count, count);
      EXPECT_EQ(period.unit, unit);
    }
  }
}

}  // namespace
}  // namespace weft
