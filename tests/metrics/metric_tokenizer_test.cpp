#include "metrics/metric_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/golden_cases.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(MetricTokenizer, AgreesWithSacrebleu) {
  for (const nlohmann::json& golden : golden_cases("tokenizer.json")) {
    const std::string line = golden["line"];
    EXPECT_EQ(tokenize_for_metric(line, MetricTokenizer::k13a), golden["13a"].get<std::string>());
    EXPECT_EQ(tokenize_for_metric(line, MetricTokenizer::kZh), golden["zh"].get<std::string>());
  }
}

TEST(MetricTokenizer, NoneSplitsAtSpacesAlone) {
  EXPECT_EQ(tokenize_for_metric("  a,  b.\u3000c ", MetricTokenizer::kNone), "a, b. c");
}

TEST(MetricTokenizer, HasTheNamesOfSignatures) {
  EXPECT_EQ(to_name(MetricTokenizer::k13a), "13a");
  EXPECT_EQ(to_name(MetricTokenizer::kZh), "zh");
  EXPECT_EQ(to_name(MetricTokenizer::kNone), "none");
}

TEST(SplitAtWhitespace, SplitsAsPythonDoes) {
  EXPECT_THAT(split_at_whitespace("a\x1C"
                                  "b\u0085c\u2028d\u200B"
                                  "e"),
              ElementsAre("a", "b", "c", "d\u200Be"));
  EXPECT_THAT(split_at_whitespace(" \t"), IsEmpty());
}

TEST(Lowercase, IsUnicodes) {
  EXPECT_EQ(lowercase("ÀÉ ŁÓDŹ ΟΔΟΣ"), "àé łódź οδος");
  EXPECT_EQ(lowercase(""), "");
}

}  // namespace
}  // namespace weft
