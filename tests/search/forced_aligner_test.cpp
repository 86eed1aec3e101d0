#include "search/forced_aligner.h"

#include <gmock/gmock.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/words.h"
#include "model/model_directory.h"
#include "model/tiny_model.h"
#include "search/ensemble.h"
#include "search/translator.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

struct Pair {
  std::string source, target;
  TinyPair ids;
};
const std::vector<Pair> kTextPairs{{"a b c", "x y", {{4, 5, 6}, {5, 6}}},
                                   {"d", "w  w z neu", {{7}, {4, 4, 7, 1}}},
                                   {"", "x", {}},
                                   {"a", " ", {}},
                                   {" e e ", "z", {{8, 8}, {7}}}};

LineWithWords with_words(const std::string& line) { return {line, split_words(line)}; }

class ForcedAlignerTest : public ::testing::Test {
 protected:
  ForcedAlignerTest() {
    stored_.vocabularies = {{{std::make_shared<WordVocabulary>("a\nb\nc\nd\ne\n", "source")}},
                            std::make_shared<WordVocabulary>("w\nx\ny\nz\n", "target")};
    stored_.model = tiny_model({});
    stored_.model->to(torch::kFloat32);
  }

  std::vector<AlignedPair> align(const ForcedAlignerOptions& options) const {
    std::vector<LineWithWords> sources, targets;
    for (const auto& pair : kTextPairs) {
      sources.push_back(with_words(pair.source));
      targets.push_back(with_words(pair.target));
    }
    return ForcedAligner(stored_, options).align(sources, targets);
  }

  StoredModel stored_;
};

TEST_F(ForcedAlignerTest, GivesTheModelsOwnScoreAndAttentionOfEachPair) {
  for (const int64_t batch_sentences : {1, 2, 64}) {
    ForcedAlignerOptions options;
    options.alignment = {AlignmentUnit::kPiece, EndOfSentence::kKeep};
    options.decoding.batch_sentences = batch_sentences;
    const auto aligned = align(options);
    ASSERT_EQ(aligned.size(), kTextPairs.size());
    for (std::size_t i = 0; i < kTextPairs.size(); ++i) {
      const auto& [source, target] = kTextPairs[i].ids;
      if (source.empty()) continue;
      const auto expected = stored_.model->score({}, tiny_batch({kTextPairs[i].ids}));
      EXPECT_NEAR(aligned[i].log_prob, expected.log_probs.sum().item<double>(), 1e-4);
      const auto& alignment = aligned[i].alignment;
      ASSERT_EQ(alignment.rows(), target.size() + 1);
      ASSERT_EQ(alignment.columns(), source.size() + 1);
      const auto weights = torch::tensor(alignment.weights).view_as(expected.attention[0]);
      EXPECT_LT(distance(weights, expected.attention[0]), 1e-5);
    }
  }
}

TEST_F(ForcedAlignerTest, ShowsTheWordsAsTheyStandInTheLines) {
  const auto aligned = align({});
  const auto& alignment = aligned[1].alignment;
  ASSERT_EQ(alignment.rows(), 4);
  EXPECT_EQ(alignment.target[1].span, (Span{3, 4}));
  EXPECT_EQ(alignment.target[3].text, "neu");
  EXPECT_EQ(alignment.columns(), 1);
  EXPECT_EQ(aligned[4].alignment.source[0].span, (Span{1, 2}));
}

TEST_F(ForcedAlignerTest, ShowsTheWordsWithoutTheirFactors) {
  const auto options = variant("", [](auto& o) { o.embedding.factors = {2, 1}; });
  stored_.model = tiny_model(options);
  stored_.model->to(torch::kFloat32);
  stored_.vocabularies.sources.front().factors = {
      "|",
      {std::make_shared<WordVocabulary>("N\nV\nA\n", "first"),
       std::make_shared<WordVocabulary>("l\n", "second")}};
  ForcedAligner aligner(stored_, {});
  const std::string line = "a|N|l b|V|l c|N|l";
  const auto aligned = aligner.align({with_words(line)}, {with_words("x y")});
  EXPECT_EQ(aligned[0].source.line, "a b c");
  const auto& source = aligned[0].alignment.source;
  ASSERT_EQ(source.size(), 3U);
  EXPECT_EQ(source[1].text, "b");
  EXPECT_EQ(source[1].span, (Span{2, 3}));
  const auto others = aligner.align({with_words("a|N|l b|A|l c|N|l")}, {with_words("x y")});
  EXPECT_NE(others[0].log_prob, aligned[0].log_prob) << "the factors are read";

  TranslatorOptions translating;
  translating.with_alignment = true;
  Translator translator(std::make_shared<Ensemble>(std::vector{stored_.model}),
                        stored_.vocabularies, translating);
  const auto translated = translator.translate({line, ""});
  EXPECT_EQ(translated[0].source, "a b c");
  EXPECT_EQ(translated[0].n_best[0].alignment.columns(), 3U);
  EXPECT_THAT([&] { translator.translate({"a|N"}); },
              ::testing::ThrowsMessage<UserError>(testing::HasSubstr("has 1 factor")));
}

TEST_F(ForcedAlignerTest, HasNothingToSayOfABlankSide) {
  const auto aligned = align({});
  for (const std::size_t blank : {2U, 3U}) {
    EXPECT_EQ(aligned[blank].alignment.rows(), 0);
    EXPECT_EQ(aligned[blank].alignment.columns(), 0);
    EXPECT_EQ(aligned[blank].log_prob, 0);
  }
}

TEST_F(ForcedAlignerTest, GivesTranslationsTheAlignmentTheyHadWhenTheyWereMade) {
  {
    torch::NoGradGuard no_grad;  // Only known words: an unknown one would not read back.
    named_parameters(*stored_.model).at("output_bias")[kUnknownId] = -100;
  }
  TranslatorOptions options;
  options.n_best = 5;
  options.with_alignment = true;
  Translator translator(std::make_shared<Ensemble>(std::vector{stored_.model}),
                        stored_.vocabularies, options);
  std::size_t weights = 0;
  const auto translated = translator.translate({kTextPairs[0].source});
  for (const auto& made : translated[0].n_best) {
    if (made.text.empty()) continue;
    const auto aligned = ForcedAligner(stored_, {})
                             .align({with_words(kTextPairs[0].source)}, {with_words(made.text)});
    ASSERT_EQ(aligned[0].alignment.rows(), made.alignment.rows());
    for (std::size_t i = 0; i < made.alignment.weights.size(); ++i)
      EXPECT_NEAR(aligned[0].alignment.weights[i], made.alignment.weights[i], 1e-5);
    weights += made.alignment.weights.size();
  }
  EXPECT_GT(weights, 10);
}

TEST_F(ForcedAlignerTest, RefusesAModelWithoutAttentionAndSoDoesTheTranslatorForAlignments) {
  TinyModel tiny;
  tiny.change = [](ModelOptions& options) { options.attention.score = ScoreType::kNone; };
  stored_.model = tiny_model(tiny);
  stored_.model->to(torch::kFloat32);
  const auto refused = ::testing::ThrowsMessage<UserError>(
      "the model has no attention (model.attention.score is none), so it has no alignments");
  EXPECT_THAT([&] { ForcedAligner(stored_, {}); }, refused);
  TranslatorOptions options;
  const auto translator = [&] {
    return Translator(std::make_shared<Ensemble>(std::vector{stored_.model}), stored_.vocabularies,
                      options);
  };
  EXPECT_EQ(translator().translate({"a b"}).size(), 1);
  options.with_alignment = true;
  EXPECT_THAT(translator, refused);
}

TEST_F(ForcedAlignerTest, RefusesSidesOfUnequalLength) {
  EXPECT_THROW(ForcedAligner(stored_, {}).align({with_words("a")}, {}), c10::Error);
}

}  // namespace
}  // namespace weft
