#include "config/scalar_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace weft {
namespace {

TEST(ParseScalar, ReadsIntegersStrictly) {
  int64_t value = 7;
  EXPECT_TRUE(parse_scalar("-9223372036854775808", value));
  EXPECT_EQ(value, INT64_MIN);
  EXPECT_TRUE(parse_scalar("9223372036854775807", value));
  EXPECT_EQ(value, INT64_MAX);
  for (const std::string text : {"", "12abc", "1e3", "1.0", "0x10", "1_000", " 1", "1 ", "+1", "-",
                                 "9223372036854775808", "-9223372036854775809"})
    EXPECT_FALSE(parse_scalar(text, value)) << text;
  EXPECT_EQ(value, INT64_MAX);
}

TEST(ParseScalar, ReadsNumbersStrictly) {
  double value = 7;
  EXPECT_TRUE(parse_scalar("1e-3", value));
  EXPECT_EQ(value, 0.001);
  EXPECT_TRUE(parse_scalar("-.5", value));
  EXPECT_EQ(value, -0.5);
  EXPECT_TRUE(parse_scalar("3", value));
  EXPECT_EQ(value, 3.0);
  for (const std::string text :
       {"", "1.3x", "0,5", "nan", "inf", "-inf", ".inf", "1e999", "0x1p3", "1e", "+1"})
    EXPECT_FALSE(parse_scalar(text, value)) << text;
  EXPECT_EQ(value, 3.0);
}

TEST(ParseScalar, ReadsTrueAndFalseAlone) {
  bool value = false;
  EXPECT_TRUE(parse_scalar("true", value));
  EXPECT_TRUE(value);
  for (const std::string text : {"", "yes", "on", "1", "True", "TRUE", "truee"})
    EXPECT_FALSE(parse_scalar(text, value)) << text;
  EXPECT_TRUE(value);
}

TEST(FormatScalar, WritesNumbersEveryYamlReaderTakesForNumbers) {
  EXPECT_EQ(format_scalar(1.0), "1.0");
  EXPECT_EQ(format_scalar(0.1), "0.1");
  EXPECT_EQ(format_scalar(1e-8), "1.0e-08");
  EXPECT_EQ(format_scalar(2.5e-8), "2.5e-08");
  EXPECT_EQ(format_scalar(1e300), "1.0e+300");
  EXPECT_EQ(format_scalar(int64_t{3}), "3");
}

TEST(FormatScalar, ReadsBackToTheSameNumber) {
  for (const double number : {0.1, 1.0 / 3.0, 5e-324, 1.7976931348623157e308, -2.5, 123456789.0}) {
    double value = 0;
    ASSERT_TRUE(parse_scalar(format_scalar(number), value)) << number;
    EXPECT_EQ(value, number);
  }
}

TEST(FormatScalar, QuotesTextThatYamlWouldReadOtherwise) {
  const auto quoted = [](const std::string& text) { return format_scalar(text); };
  EXPECT_EQ(quoted("corpus/train.de.gz"), "corpus/train.de.gz");
  EXPECT_EQ(quoted("/data/train_1-2.de"), "/data/train_1-2.de");
  EXPECT_EQ(quoted(""), "\"\"");
  EXPECT_EQ(quoted("13a"), "\"13a\"");
  EXPECT_EQ(quoted("No"), "\"No\"");
  EXPECT_EQ(quoted("null"), "\"null\"");
  EXPECT_EQ(quoted("a: b #c"), "\"a: b #c\"");
  EXPECT_EQ(quoted("-"), "\"-\"");
  EXPECT_EQ(quoted("say \"a\\b\""), "\"say \\\"a\\\\b\\\"\"");
  EXPECT_EQ(quoted("a\tb\nc"), "\"a\\x09b\\x0ac\"");
  EXPECT_EQ(quoted("\u00fcber"), "\"\u00fcber\"");
}

}  // namespace
}  // namespace weft
