#include "metrics/edit_rate.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "base/error.h"
#include "metrics/golden_cases.h"

namespace weft {
namespace {

void expect_counts(const EditCounts& counts, const nlohmann::json& golden) {
  const std::int64_t substitutions = golden["substitutions"], deletions = golden["deletions"],
                     insertions = golden["insertions"], hits = golden["hits"];
  EXPECT_EQ(counts.errors(), substitutions + deletions + insertions);
  EXPECT_EQ(counts.reference_length(), hits + substitutions + deletions);
  EXPECT_EQ(counts.deletions - counts.insertions, deletions - insertions);
  EXPECT_GE(counts.hits, hits);  // jiwer takes any of several ways, not the one with the most hits
}

TEST(CorpusEditRate, AgreesWithJiwer) {
  for (const nlohmann::json& golden : golden_cases("rates.json")) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const std::vector<std::vector<std::string>> references = {golden["references"]};
    const EditRate wer = corpus_edit_rate(golden["hypotheses"], references);
    EXPECT_NEAR(wer.score, 100 * golden["wer"].get<double>(), kScoreTolerance);
    expect_counts(wer.counts, golden["words"]);
    const EditRate cer =
        corpus_edit_rate(golden["hypotheses"], references, {.unit = EditUnit::kCharacter});
    EXPECT_NEAR(cer.score, 100 * golden["cer"].get<double>(), kScoreTolerance);
    expect_counts(cer.counts, golden["characters"]);
  }
}

TEST(CountEdits, PrefersHits) {
  // Two errors either way: "a" and "b" both replaced, or "a" deleted, "b" hit and "a" inserted.
  const EditCounts counts = count_edits({"b", "a"}, {"a", "b"});
  EXPECT_EQ(counts.hits, 1);
  EXPECT_EQ(counts.substitutions, 0);
  EXPECT_EQ(counts.deletions, 1);
  EXPECT_EQ(counts.insertions, 1);
}

TEST(CorpusEditRate, SaysWhatItCounted) {
  const EditRate rate = corpus_edit_rate({"a X c", "d e"}, {{"a b c", "d"}});
  EXPECT_EQ(rate.name, "WER");
  EXPECT_EQ(rate.score, 50);
  EXPECT_EQ(rate.details(), "(S = 1 D = 0 I = 1 N = 4)");
}

TEST(CorpusEditRate, TakesTheNearestReference) {
  const EditRate rate = corpus_edit_rate({"a b", "c"}, {{"a b c d", ""}, {"a x", "c c"}});
  EXPECT_EQ(rate.details(), "(S = 0 D = 3 I = 0 N = 6)");
}

TEST(CorpusEditRate, MayIgnoreCase) {
  EXPECT_EQ(corpus_edit_rate({"ÄB"}, {{"äb"}}, {.lowercase = true}).score, 0);
  EXPECT_EQ(corpus_edit_rate({"ÄB"}, {{"äb"}}).score, 100);
}

TEST(CorpusEditRate, NeedsReferencesThatHoldSomething) {
  EXPECT_THROW(corpus_edit_rate({"a"}, {{" "}}), UserError);
  EXPECT_THROW(corpus_edit_rate({"a", "b"}, {{"a"}}), std::invalid_argument);
}

}  // namespace
}  // namespace weft
