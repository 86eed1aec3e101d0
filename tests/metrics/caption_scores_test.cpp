#include "metrics/caption_scores.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "metrics/bleu.h"
#include "metrics/chrf.h"
#include "metrics/edit_rate.h"
#include "metrics/golden_cases.h"

namespace weft {
namespace {

using ::testing::DoubleNear;
using ::testing::Pointwise;

/// From references by sentence to references by file.
std::vector<std::vector<std::string>> files_of(const nlohmann::json& by_sentence) {
  std::vector<std::vector<std::string>> files(by_sentence[0].size());
  for (const auto& references : by_sentence) {
    for (std::size_t r = 0; r < files.size(); ++r) files[r].push_back(references[r]);
  }
  return files;
}

TEST(CaptionScores, AgreeWithPycocoevalcap) {
  for (const nlohmann::json& golden : golden_cases("captions.json")) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const auto references = files_of(golden["references"]);
    const CaptionOptions options{.tokenizer = MetricTokenizer::kNone};
    const CaptionScore cider = corpus_cider(golden["hypotheses"], references, options);
    EXPECT_NEAR(cider.score, 100 * golden["cider"].get<double>(), kScoreTolerance);
    EXPECT_THAT(cider.sentences,
                Pointwise(DoubleNear(1e-10), golden["ciders"].get<std::vector<double>>()));
    const CaptionScore rouge = corpus_rouge_l(golden["hypotheses"], references, options);
    EXPECT_NEAR(rouge.score, 100 * golden["rouge"].get<double>(), kScoreTolerance);
    EXPECT_THAT(rouge.sentences,
                Pointwise(DoubleNear(1e-10), golden["rouges"].get<std::vector<double>>()));
  }
}

TEST(CaptionScores, SeeTokens) {
  const CaptionOptions options{.tokenizer = MetricTokenizer::kZh, .lowercase = true};
  EXPECT_NEAR(corpus_rouge_l({"一只狗 A"}, {{"a 一只狗"}}, options).score, 75, 1e-9);
  EXPECT_EQ(corpus_rouge_l({"一只狗"}, {{"一只狗"}}, options).signature.substr(0, 22),
            "nrefs:1|case:lc|tok:zh");
}

/// For a bar that shows how far scoring has come.
TEST(CorpusScores, TellOfEveryLine) {
  const std::vector<std::string> lines{"a b c", "d", "e f"};
  int told = 0;
  const auto on_line = [&told] { ++told; };
  corpus_bleu(lines, {lines}, {.on_line = on_line});
  EXPECT_EQ(told, 3);
  corpus_chrf(lines, {lines}, {.on_line = on_line});
  EXPECT_EQ(told, 6);
  corpus_edit_rate(lines, {lines}, {.on_line = on_line});
  EXPECT_EQ(told, 9);
  corpus_cider(lines, {lines}, {.on_line = on_line});
  EXPECT_EQ(told, 12);
  corpus_rouge_l(lines, {lines}, {.on_line = on_line});
  EXPECT_EQ(told, 15);
}

TEST(CaptionScores, RefuseTextsThatDoNotMatch) {
  EXPECT_THROW(corpus_cider({"a", "b"}, {{"a"}}), std::invalid_argument);
  EXPECT_THROW(corpus_rouge_l({"a"}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace weft
