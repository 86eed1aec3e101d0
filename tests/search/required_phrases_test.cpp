#include "search/required_phrases.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "search/beam_search.h"
#include "search/candidates.h"
#include "search/constraint_speller.h"
#include "search/enumerated.h"
#include "search/excluded_tokens.h"
#include "search/find_word.h"
#include "search/scoring.h"
#include "text/handmade_model.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using Words = std::vector<std::string>;

/// Pieces that spell a few words in many ways.
std::shared_ptr<Vocabulary> pieces() {
  HandmadeModel model;
  model.add_bytes();
  for (const char* piece : {"▁", "▁cat", "▁ca", "▁c", "c", "a", "t", "at", "s", "▁s", ".", "▁a.",
                            "猫", "黑", "▁黑", "é", "▁at"})
    model.pieces.push_back({piece});
  return std::make_shared<SentencePieceVocabulary>(model.serialized(), "handmade");
}

TEST(PhraseSpeller, WritesPhrasesAsTheyStandInText) {
  const auto vocabulary = pieces();
  const PhraseSpeller speller(*vocabulary);
  EXPECT_EQ(speller.spell("cat").spellings,
            (std::vector<std::vector<int32_t>>{vocabulary->encode("cat").ids}));
  const auto black = speller.spell("黑猫");
  ASSERT_EQ(black.spellings.size(), 2);  // with a blank before, and without
  for (const auto& spelling : black.spellings) EXPECT_EQ(vocabulary->decode(spelling).text, "黑猫");
  EXPECT_EQ(speller.text_of(black.spellings[1].front()), "黑");
}

TEST(PhraseSpeller, RefusesWhatTheVocabularyCannotWrite) {
  const WordVocabulary words("w\nx\n", "target");
  const PhraseSpeller speller(words);
  EXPECT_THROW(speller.spell("w z"), UserError);
  EXPECT_THROW(speller.spell(""), UserError);
  EXPECT_EQ(tokens_of({speller.spell("w"), speller.spell("x w")}), 3);
}

/// What a random model translates with these phrases for each of several sources.
std::vector<std::vector<Hypothesis>> translations(const Vocabulary& vocabulary,
                                                  const Words& phrases,
                                                  const DecodingOptions& options, double end_bias,
                                                  const std::vector<Tokens>& sources,
                                                  int64_t groups = 1, int64_t favoured = 17) {
  TableOptions table;
  table.vocabulary = vocabulary.size();
  table.end_bias = end_bias;
  table.favoured_from = vocabulary.size() > 200 ? vocabulary.size() - favoured : 0;
  TableModel model(table);
  const PhraseSpeller speller(vocabulary);
  std::vector<PhraseLine> lines;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    PhraseLine line;
    for (const auto& phrase : phrases) line.phrases.push_back(speller.spell(phrase));
    line.limit = Scoring(options).length_limit(static_cast<int64_t>(sources[i].size()) + 1);
    lines.push_back(std::move(line));
  }
  RequiredPhrases required(speller, std::move(lines));
  ExcludedTokens unprintable(vocabulary.unprintable_ids());
  SearchRequest request{{&unprintable, &required}};
  request.groups = groups;
  return beam_search(model, source_batch(sources), options, request);
}

TEST(RequiredPhrases, StandInEveryTranslationAsWholeWords) {
  const auto vocabulary = pieces();
  int finished = 0;
  for (const int64_t beam : {1, 2, 5, 12}) {
    for (const double end_bias : {-4.0, 0.0, 6.0}) {
      for (const Words& phrases : {Words{"cat"},
                                   {"cat", "cats"},
                                   {"黑猫", "cat."},
                                   {"a. cat", "at"},
                                   {"猫", "黑", "s", "é"},
                                   {"cat at", "cat"}}) {
        for (const auto& hypotheses :
             translations(*vocabulary, phrases, decoding(beam), end_bias, kSources)) {
          ASSERT_FALSE(hypotheses.empty());
          for (const auto& hypothesis : hypotheses) {
            const auto text = vocabulary->decode(hypothesis.tokens).text;
            finished += hypothesis.finished ? 1 : 0;
            for (const auto& phrase : phrases)
              EXPECT_TRUE(stands_in(text, phrase)) << "'" << phrase << "' in '" << text << "'";
          }
        }
      }
    }
  }
  EXPECT_GT(finished, 500);
}

TEST(RequiredPhrases, StandBeforeBeginningsOfCharacters) {
  const auto vocabulary = pieces();
  const Words phrases{"猫", "黑", "s", "é"};
  int broken = 0;
  for (const int64_t beam : {2, 5, 12}) {
    for (const auto& hypotheses :
         translations(*vocabulary, phrases, decoding(beam), -4, kSources, 1,
                      vocabulary->size())) {  // bytes as often as pieces
      for (const auto& hypothesis : hypotheses) {
        const auto text = vocabulary->decode(hypothesis.tokens).text;
        broken += text.find("黑�") != std::string::npos || text.find("猫�") != std::string::npos;
        for (const auto& phrase : phrases)
          EXPECT_TRUE(stands_in(text, phrase)) << "'" << phrase << "' in '" << text << "'";
      }
    }
  }
  EXPECT_GT(broken, 0);
}

TEST(RequiredPhrases, StandInTheTranslationsOfGroups) {
  const auto vocabulary = pieces();
  for (const auto& hypotheses :
       translations(*vocabulary, {"cat", "黑"}, decoding(6), 0, kSources, 3)) {
    ASSERT_EQ(hypotheses.size(), 6);
    for (const auto& hypothesis : hypotheses)
      EXPECT_TRUE(stands_in(vocabulary->decode(hypothesis.tokens).text, "cat"));
  }
}

/// Whether `phrase` stands among the tokens.
bool has(const Tokens& tokens, const Tokens& phrase) {
  return std::search(tokens.begin(), tokens.end(), phrase.begin(), phrase.end()) != tokens.end();
}

TEST(RequiredPhrases, AreInTheBestTranslationThatHasThem) {
  const WordVocabulary vocabulary("w\nx\ny\n", "target");
  TableOptions table;
  table.vocabulary = vocabulary.size();
  const TableModel model(table);
  auto options = decoding(4000, 1);
  options.max_length = 5;
  const std::vector<Tokens> sources{{7}, {4, 5, 6}, {9, 9}};
  const auto found = translations(vocabulary, {"x w", "y"}, options, 0, sources);
  for (std::size_t b = 0; b < sources.size(); ++b) {
    auto source = sources[b];
    source.push_back(kEndId);
    std::vector<Expected> all, with;
    enumerate(model, source, {{kBeginId}, 0}, 5, all);
    for (const auto& translation : all)
      if (has(translation.tokens, {5, 4}) && has(translation.tokens, {6}))
        with.push_back(translation);
    rank(with, 1);
    ASSERT_GT(with.size(), 10);
    for (std::size_t k = 0; k < 10; ++k) {
      EXPECT_EQ(with_ends(found[b].at(k)), with[k].tokens);
      EXPECT_NEAR(found[b][k].score, with[k].score(1), 1e-4);
    }
    EXPECT_LE(found[b].size(), with.size());  // at the limit phrases come in one order
  }
}

TEST(RequiredPhrases, LeaveLinesWithoutAnyAsTheyAre) {
  const auto vocabulary = pieces();
  TableOptions table;
  table.vocabulary = vocabulary->size();
  table.favoured_from = vocabulary->size() - 17;
  TableModel model(table);
  ExcludedTokens unprintable(vocabulary->unprintable_ids());
  const auto plain = beam_search(model, source_batch(kSources), decoding(4), {{&unprintable}});
  const auto found = translations(*vocabulary, {}, decoding(4), 0, kSources);
  for (std::size_t b = 0; b < plain.size(); ++b) {
    ASSERT_EQ(found[b].size(), plain[b].size());
    for (std::size_t k = 0; k < plain[b].size(); ++k)
      EXPECT_EQ(found[b][k].tokens, plain[b][k].tokens);
  }
}

TEST(ShareOut, GivesEveryBankAsMuchAndTheRestToTheBest) {
  std::vector<Candidate> candidates;
  for (int64_t i = 0; i < 8; ++i) candidates.push_back({static_cast<float>(-i), 0, 0, i});
  const auto tokens = [&](const std::vector<int64_t>& bank_of, int64_t banks, int64_t count) {
    std::vector<int64_t> all;
    for (const auto& candidate : share_out(candidates, bank_of, banks, count))
      all.push_back(candidate.token);
    return all;
  };
  using Numbers = std::vector<int64_t>;
  EXPECT_EQ(tokens({0, 0, 0, 0, 1, 1, 2, 2}, 3, 6), (Numbers{0, 1, 4, 5, 6, 7}));
  EXPECT_EQ(tokens({0, 0, 0, 0, 1, 0, 0, 2}, 3, 6), (Numbers{0, 1, 2, 3, 4, 7}));
  EXPECT_EQ(tokens({0, 0, 0, 0, 1, 1, 2, 2}, 3, 2), (Numbers{4, 6}));
  EXPECT_EQ(tokens({0, 0, 0, 0, 0, 0, 0, 0}, 3, 20), (Numbers{0, 1, 2, 3, 4, 5, 6, 7}));
}

std::string mistake_in(const LineConstraints& constraints, const DecodingOptions& options,
                       const Words& suppressed = {}) {
  const WordVocabulary vocabulary("w\nx\n", "target");
  try {
    ConstraintSpeller(vocabulary, options, suppressed).spell(constraints, 2, {4});
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(ConstraintSpeller, TellsWhatCannotBeHeeded) {
  using testing::HasSubstr;
  auto options = decoding(2);
  EXPECT_EQ(mistake_in({{"w", "x w"}, {"x x"}}, options), "");
  EXPECT_THAT(mistake_in({{"x w"}, {"w"}}, options), HasSubstr("'w' is to be avoided"));
  EXPECT_THAT(mistake_in({{"x w"}, {}}, options, {"x"}), HasSubstr("'x' is suppressed"));
  EXPECT_THAT(mistake_in({{"q"}, {}}, options), HasSubstr("'q' cannot be written"));
  EXPECT_THAT(mistake_in({{}, {"w"}}, options), HasSubstr("prefix"));
  options.max_length = 3;
  EXPECT_THAT(mistake_in({{"w", "x", "w x"}, {}}, options),
              HasSubstr("5 tokens; expected at most"));
}

}  // namespace
}  // namespace weft
