#include "metrics/bleu.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/version.h"
#include "metrics/golden_cases.h"

namespace weft {
namespace {

BleuOptions options_of(const nlohmann::json& golden) {
  BleuOptions options;
  const std::string tokenizer = golden["tokenizer"];
  options.tokenizer = tokenizer == "13a"  ? MetricTokenizer::k13a
                      : tokenizer == "zh" ? MetricTokenizer::kZh
                                          : MetricTokenizer::kNone;
  options.lowercase = golden["lowercase"];
  return options;
}

TEST(CorpusBleu, AgreesWithSacrebleu) {
  for (const nlohmann::json& golden : golden_cases("bleu.json")) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const BleuScore score =
        corpus_bleu(golden["hypotheses"], golden["references"], options_of(golden));
    EXPECT_NEAR(score.score, golden["score"], kScoreTolerance);
    for (std::size_t order = 0; order < kBleuOrder; ++order) {
      EXPECT_NEAR(score.precisions[order], golden["precisions"][order], kScoreTolerance);
    }
    EXPECT_NEAR(score.brevity_penalty, golden["brevity_penalty"], kScoreTolerance);
    EXPECT_EQ(score.hypothesis_length, golden["hypothesis_length"]);
    EXPECT_EQ(score.reference_length, golden["reference_length"]);
    EXPECT_EQ(score.details(), golden["details"].get<std::string>());
    EXPECT_EQ(score.signature,
              golden["signature"].get<std::string>() + "version:weft-" + version());
  }
}

TEST(CorpusBleu, RefusesTextsThatDoNotMatch) {
  EXPECT_THROW(corpus_bleu({"a", "b"}, {{"a"}}), std::invalid_argument);
  EXPECT_THROW(corpus_bleu({"a"}, {{"a"}, {}}), std::invalid_argument);
  EXPECT_THROW(corpus_bleu({"a"}, {}), std::invalid_argument);
  EXPECT_THROW(corpus_bleu({}, {{}}), std::invalid_argument);
}

}  // namespace
}  // namespace weft
