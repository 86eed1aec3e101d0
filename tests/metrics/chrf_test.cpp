#include "metrics/chrf.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "base/version.h"
#include "metrics/golden_cases.h"

namespace weft {
namespace {

ChrfOptions chrf_options_of(const nlohmann::json& golden) {
  ChrfOptions options;
  options.word_order = golden["word_order"];
  options.lowercase = golden["lowercase"];
  return options;
}

TEST(CorpusChrf, AgreesWithSacrebleu) {
  for (const nlohmann::json& golden : golden_cases("chrf.json")) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const ChrfScore score =
        corpus_chrf(golden["hypotheses"], golden["references"], chrf_options_of(golden));
    EXPECT_NEAR(score.score, golden["score"], kScoreTolerance);
    EXPECT_EQ(score.name, golden["score_name"].get<std::string>());
    EXPECT_EQ(score.signature,
              golden["signature"].get<std::string>() + "version:weft-" + version());
  }
}

TEST(CorpusChrf, OfOneSentenceAgreesWithSacrebleu) {
  for (const nlohmann::json& golden : golden_cases("chrf.json")) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const std::vector<std::string> hypotheses = golden["hypotheses"];
    for (std::size_t i = 0; i < hypotheses.size(); ++i) {
      std::vector<std::vector<std::string>> references;
      for (const nlohmann::json& reference : golden["references"]) {
        references.push_back({reference[i]});
      }
      const ChrfScore score = corpus_chrf({hypotheses[i]}, references, chrf_options_of(golden));
      EXPECT_NEAR(score.score, golden["sentence_scores"][i], kScoreTolerance) << hypotheses[i];
    }
  }
}

TEST(CorpusChrf, RefusesTextsThatDoNotMatch) {
  EXPECT_THROW(corpus_chrf({"a", "b"}, {{"a"}}), std::invalid_argument);
  EXPECT_THROW(corpus_chrf({"a"}, {}), std::invalid_argument);
  EXPECT_THROW(corpus_chrf({}, {{}}), std::invalid_argument);
}

}  // namespace
}  // namespace weft
