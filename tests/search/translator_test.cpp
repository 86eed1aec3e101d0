#include "search/translator.h"

#include <gmock/gmock.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "search/beam_search.h"
#include "search/table_model.h"
#include "text/handmade_model.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::vector<std::string> kLines{"a b c", "",      "d",     "b b a f e c",
                                      " \t",   "neu a", "a b c", "f f f f"};
// What the lines are to the vocabulary: "a" is 4, an unknown word 1.
const std::vector<Tokens> kIds{{4, 5, 6}, {},     {7},       {5, 5, 4, 9, 8, 6},
                               {},        {1, 4}, {4, 5, 6}, {9, 9, 9, 9}};

class TranslatorTest : public ::testing::Test {
 protected:
  TranslatorTest() {
    options_.decoding.beam_size = 3;
    options_.decoding.max_length_factor = 1;
  }

  std::vector<TranslatedLine> translate() {
    return Translator(model_, vocabularies_, options_).translate(kLines);
  }

  /// What the search finds for one sentence alone.
  std::vector<Hypothesis> search(const Tokens& source) {
    return beam_search(*model_, source_batch({source}), options_.decoding, {{}, 0})[0];
  }

  std::shared_ptr<TableModel> model_ = std::make_shared<TableModel>(TableOptions{});
  Vocabularies vocabularies_{{{std::make_shared<WordVocabulary>("a\nb\nc\nd\ne\nf\n", "source")}},
                             std::make_shared<WordVocabulary>("w\nx\ny\nz\n", "target")};
  TranslatorOptions options_;
};

/// The words that TranslatorTest's target vocabulary gives these ids.
std::string text_of(const std::vector<int32_t>& ids) {
  std::string text;
  for (const int32_t id : ids) {
    if (!text.empty()) text += ' ';
    text += id == kUnknownId ? "<unk>" : std::string(1, "wxyz"[id - kFirstOrdinaryId]);
  }
  return text;
}

TEST_F(TranslatorTest, GivesEveryLineTheTranslationsTheSearchFindsForItAlone) {
  const torch::NoGradGuard no_gradient;
  options_.n_best = 3;
  const auto answers = translate();
  ASSERT_THAT(answers, SizeIs(kLines.size()));
  for (std::size_t i = 0; i < kLines.size(); ++i) {
    if (kIds[i].empty()) continue;
    const auto expected = search(kIds[i]);
    ASSERT_THAT(answers[i].n_best, SizeIs(3)) << kLines[i];
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(answers[i].n_best[k].text, text_of(expected[k].tokens)) << kLines[i];
      EXPECT_EQ(answers[i].n_best[k].log_prob, expected[k].log_prob);
      EXPECT_EQ(answers[i].n_best[k].score, expected[k].score);
    }
    EXPECT_EQ(answers[i].cut_tokens, 0);
  }
}

TEST_F(TranslatorTest, AnswersABlankLineWithABlankLine) {
  options_.with_alignment = true;
  const auto answers = translate();
  for (const std::size_t blank : {1U, 4U}) {
    ASSERT_THAT(answers[blank].n_best, SizeIs(1));
    EXPECT_EQ(answers[blank].n_best[0].text, "");
    EXPECT_EQ(answers[blank].n_best[0].alignment.rows(), 0);
    EXPECT_EQ(answers[blank].n_best[0].score, 0);
  }
  EXPECT_TRUE(Translator(model_, vocabularies_, options_).translate({}).empty());
}

TEST_F(TranslatorTest, AnswersTheSameHoweverLinesAreBatched) {
  const auto together = translate();
  for (const auto& [sentences, tokens] :
       std::vector<std::pair<int64_t, int64_t>>{{1, 1000}, {2, 1000}, {64, 1}, {64, 9}}) {
    options_.decoding.batch_sentences = sentences;
    options_.decoding.batch_tokens = tokens;
    const auto answers = translate();
    for (std::size_t i = 0; i < kLines.size(); ++i)
      EXPECT_EQ(answers[i].n_best[0].text, together[i].n_best[0].text) << kLines[i];
  }
}

TEST_F(TranslatorTest, AnswersTheSameWithAnyNumberOfWorkers) {
  const auto alone = translate();
  options_.decoding.batch_sentences = 1;
  for (options_.workers = 1; options_.workers <= 9; options_.workers += 4) {
    const auto answers = translate();
    for (std::size_t i = 0; i < kLines.size(); ++i) {
      EXPECT_EQ(answers[i].n_best[0].text, alone[i].n_best[0].text) << kLines[i];
      EXPECT_EQ(answers[i].n_best[0].log_prob, alone[i].n_best[0].log_prob) << kLines[i];
    }
  }
}

/// A model that cannot start.
class BrokenModel : public StepModel {
 public:
  std::unique_ptr<StepState> start(const SourceBatch&, const TokenLists&) override {
    throw UserError("broken");
  }
  StepResult step(const torch::Tensor&, const StepState&) override { return {}; }
};

TEST_F(TranslatorTest, ThrowsWhatAWorkerThrows) {
  options_.decoding.batch_sentences = 1;
  options_.workers = 3;
  Translator translator(std::make_shared<BrokenModel>(), vocabularies_, options_);
  EXPECT_THROW(translator.translate(kLines), UserError);
}

TEST_F(TranslatorTest, PutsNoMoreIntoABatchThanItMay) {
  options_.decoding.beam_size = 1;
  options_.decoding.batch_tokens = 9;
  const auto rows_for = [this](const std::vector<std::string>& lines) {
    Translator(model_, vocabularies_, options_).translate(lines);
    return model_->rows_of_steps.front();  // of the last batch
  };
  EXPECT_EQ(rows_for({"a b", "a b", "a b"}), 3);       // 3 sentences of 3 tokens with the end
  EXPECT_EQ(rows_for({"a b", "a b", "a b", "a"}), 1);  // the fourth would make it 12
  EXPECT_EQ(rows_for({"a b c d e f a b c d"}), 1);     // a longer line goes alone
}

TEST_F(TranslatorTest, ReadsALineAsFarAsTheLimitAndReportsTheRest) {
  options_.decoding.max_source_length = 3;
  options_.with_alignment = true;
  const auto answers = translate();
  EXPECT_EQ(answers[3].cut_tokens, 3);
  EXPECT_EQ(answers[0].cut_tokens, 0);
  const auto expected = search({5, 5, 4});
  EXPECT_EQ(answers[3].n_best[0].text, text_of(expected[0].tokens));
  const auto& alignment = answers[3].n_best[0].alignment;
  ASSERT_EQ(alignment.columns(), 6);  // all words of the line; nobody looked at the last three
  for (std::size_t row = 0; row < alignment.rows(); ++row) {
    for (std::size_t column = 3; column < 6; ++column) EXPECT_EQ(alignment.at(row, column), 0);
  }
}

TEST_F(TranslatorTest, GivesTheAlignmentOfEachTranslation) {
  options_.n_best = 3;
  options_.with_alignment = true;
  options_.alignment = {AlignmentUnit::kPiece, EndOfSentence::kKeep};
  const auto answers = translate();
  const auto expected = search(kIds[3]);
  for (std::size_t k = 0; k < 3; ++k) {
    const auto& alignment = answers[3].n_best[k].alignment;
    const auto attention = expected[k].attention.contiguous();
    EXPECT_EQ(alignment.weights,
              std::vector<float>(attention.data_ptr<float>(),
                                 attention.data_ptr<float>() + attention.numel()));
    EXPECT_EQ(alignment.source[3].text, "f");
    EXPECT_EQ(alignment.source[3].span, (Span{6, 7}));
    EXPECT_EQ(alignment.rows(), expected[k].token_log_probs.size());
  }
}

TEST_F(TranslatorTest, CountsTokensAndTheStepsOfAGreedySearch) {
  options_.decoding.beam_size = 1;
  const auto answer = Translator(model_, vocabularies_, options_).translate({"b b a f e c"})[0];
  const auto steps = static_cast<int64_t>(model_->rows_of_steps.size());
  EXPECT_EQ(answer.decoder_steps, steps);
  EXPECT_EQ(answer.n_best[0].tokens, steps);
  EXPECT_EQ(answer.source_tokens, 7);
}

// In the first step a sentence has one hypothesis, then all that have not ended.
TEST_F(TranslatorTest, CountsTheStepsOfEveryHypothesis) {
  options_.n_best = 3;
  const auto answers = translate();
  for (const auto& answer : answers) {
    int64_t expected = answer.source_tokens > 0 ? 1 : 0;
    for (int64_t step = 2; step < 100; ++step) {
      for (const auto& translation : answer.n_best) expected += translation.tokens >= step ? 1 : 0;
    }
    EXPECT_EQ(answer.decoder_steps, expected);
  }
  EXPECT_EQ(answers[1].decoder_steps, 0) << "a blank line";
}

TEST_F(TranslatorTest, BeginsTranslationsAsItIsTold) {
  const auto free = translate();
  std::vector<std::string> prefixes(kLines.size());
  prefixes[0] = "z  y x";
  prefixes[1] = "w";  // of a blank line
  prefixes[7] = "x";
  options_.n_best = 3;
  const auto answers = Translator(model_, vocabularies_, options_).translate(kLines, prefixes);
  for (const auto& translation : answers[0].n_best)
    EXPECT_TRUE((translation.text + ' ').starts_with("z y x ")) << translation.text;
  for (const auto& translation : answers[7].n_best)
    EXPECT_TRUE((translation.text + ' ').starts_with("x ")) << translation.text;
  EXPECT_EQ(answers[1].n_best[0].text, "");
  EXPECT_EQ(answers[3].n_best[0].text, free[3].n_best[0].text) << "others stay as they are";
}

TEST_F(TranslatorTest, KeepsTheMaximumLengthWhateverIsGiven) {
  options_.decoding.max_length = 3;
  Translator translator(model_, vocabularies_, options_);
  const auto mistakes = translator.long_prefixes({"x", "x y z", "", "x y"});
  ASSERT_THAT(mistakes, SizeIs(1));
  EXPECT_EQ(mistakes[0].index, 1);
  EXPECT_THAT(mistakes[0].message, HasSubstr("the prefix has 3 tokens; expected fewer than"));
  EXPECT_LE(translator.translate({"a b c"}, {"x y"})[0].n_best[0].tokens, 3);
}

TEST_F(TranslatorTest, TellsWhereUnknownWordsStand) {
  const auto answers =
      Translator(model_, vocabularies_, options_).translate({"a b c"}, {"x new y"});
  const auto& translation = answers[0].n_best[0];
  ASSERT_FALSE(translation.unknown.empty());
  const auto span = translation.unknown[0];
  EXPECT_EQ(translation.text.substr(span.begin, span.end - span.begin), "<unk>");
}

TEST_F(TranslatorTest, LeavesSuppressedWordsOutAndTellsWhichPrefixHoldsOne) {
  options_.n_best = 3;
  options_.suppressed = {"w", "x y"};
  Translator translator(model_, vocabularies_, options_);
  for (const auto& answer : translator.translate(kLines)) {
    for (const auto& translation : answer.n_best) {
      const auto text = ' ' + translation.text + ' ';
      EXPECT_EQ(text.find(" w "), std::string::npos) << text;
      EXPECT_EQ(text.find(" x y "), std::string::npos) << text;
    }
  }
  EXPECT_FALSE(translator.first_prefix_mistake({"x", "", "y x"}));
  EXPECT_EQ(translator.first_prefix_mistake({"x", "", "z x y", "w"})->index, 2);
  EXPECT_THROW(translator.translate({"a"}, {"w"}), UserError);
}

TEST_F(TranslatorTest, LeavesALineBlankIfNothingIsLeftOfIt) {
  const auto expected = translate();
  std::vector<LineConstraints> constraints(kLines.size());
  constraints[2].avoided = {"w", "x", "y", "z", "<unk>"};  // all but the end, which is too soon
  for (const bool listed : {false, true}) {
    for (const auto method : {SamplingMethod::kNone, SamplingMethod::kAncestral}) {
      auto options = options_;
      options.decoding.min_length = 1;
      options.sampling.method = method;
      Translator translator(model_, vocabularies_, options);
      if (listed) translator.limit_tokens([](const auto&) { return std::vector<int32_t>{4, 5}; });
      const auto answers = translator.translate_sources({kLines}, {}, {}, constraints);
      for (std::size_t i = 0; i < kLines.size(); ++i) {
        EXPECT_EQ(answers[i].is_impossible, i == 2);
        ASSERT_EQ(answers[i].n_best.size(), 1);
        EXPECT_EQ(answers[i].n_best[0].text.empty(), i == 1 || i == 2 || i == 4);
        EXPECT_EQ(answers[i].source_tokens, expected[i].source_tokens);
      }
    }
  }
}

TEST_F(TranslatorTest, NeverTakesAPieceThatHoldsALineBreak) {
  HandmadeModel pieces;
  for (const char* piece : {"▁a", "▁b", "x\ny", "▁c"}) pieces.pieces.push_back({piece});
  vocabularies_.target = std::make_shared<SentencePieceVocabulary>(pieces.serialized(), "handmade");
  const auto broken = vocabularies_.target->unprintable_ids();
  ASSERT_THAT(broken, SizeIs(1));
  bool would_come = false;
  for (const auto& hypothesis : search(kIds[3]))
    would_come |= std::count(hypothesis.tokens.begin(), hypothesis.tokens.end(), broken[0]) > 0;
  EXPECT_TRUE(would_come);
  options_.n_best = 3;
  for (const auto& answer : translate()) {
    for (const auto& translation : answer.n_best)
      EXPECT_EQ(translation.text.find('x'), std::string::npos) << translation.text;
  }
}

TEST_F(TranslatorTest, TellsWhatTheLengthLimitCut) {
  TableOptions endless;
  endless.end_bias = -100;
  model_ = std::make_shared<TableModel>(endless);
  const auto answers = translate();
  EXPECT_FALSE(answers[0].n_best[0].finished);
  EXPECT_TRUE(answers[1].n_best[0].finished) << "a blank line";
}

TEST_F(TranslatorTest, RefusesMoreTranslationsThanTheBeamHolds) {
  for (const int64_t n_best : {4, 0}) {
    options_.n_best = n_best;
    try {
      translate();
      FAIL() << "no complaint about " << n_best;
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), HasSubstr("n-best (--n-best) is " + std::to_string(n_best) +
                                          "; expected 1 to the beam size (--beam-size, "
                                          "decoding.beam_size), which is 3"));
    }
  }
}

}  // namespace
}  // namespace weft
