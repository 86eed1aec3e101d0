// Beams that hold everything: what the rules leave of all translations there are, each looked at.

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "search/beam_search.h"
#include "search/enumerated.h"
#include "search/find_word.h"
#include "search/forced_beginnings.h"
#include "search/minimum_length.h"
#include "search/required_phrases.h"
#include "search/suppressed_words.h"
#include "text/handmade_model.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

const std::vector<Tokens> kTwoSources{{7, 4}, {5}};

/// Whether a translation of a sentence, text and tokens, is to be found.
using Keeps = std::function<bool(std::size_t sentence, const std::string& text, const Tokens&)>;

class WideBeam {
 public:
  explicit WideBeam(const Vocabulary& vocabulary)
      : vocabulary_(vocabulary), model_(table_of(vocabulary)) {
    options.max_length = 4;
    options.word_penalty = -0.3;
  }

  /// Searches, and compares what has ended with all that is kept.
  void expect_all(const Keeps& keeps) {
    const auto found = beam_search(model_, source_batch(kTwoSources), options, request);
    for (std::size_t b = 0; b < kTwoSources.size(); ++b) {
      SCOPED_TRACE("sentence " + std::to_string(b));
      ASSERT_LT(found[b].size(), static_cast<std::size_t>(options.beam_size)) << "wide enough";
      std::map<Tokens, double> scores;
      double last = 1e9;
      for (const auto& hypothesis : found[b]) {
        if (!hypothesis.finished) continue;
        EXPECT_LE(hypothesis.score, last);
        last = hypothesis.score;
        scores[with_ends(hypothesis)] = hypothesis.score;
      }
      expect_same(scores, b, keeps);
    }
  }

  DecodingOptions options = decoding(5000, 0.7);
  SearchRequest request;

 private:
  static TableOptions table_of(const Vocabulary& vocabulary) {
    TableOptions table;
    table.vocabulary = vocabulary.size();
    return table;
  }

  void expect_same(const std::map<Tokens, double>& found, std::size_t sentence,
                   const Keeps& keeps) const {
    auto source = kTwoSources[sentence];
    source.push_back(kEndId);
    auto scored = options;
    if (!request.length_ratios.empty()) scored.length_ratio = request.length_ratios[sentence];
    Tokens list(static_cast<std::size_t>(vocabulary_.size()));
    std::iota(list.begin(), list.end(), 0);
    if (!request.lists.empty()) list = request.lists[sentence];
    std::vector<Expected> all;
    enumerate(ListedModel{model_, list}, source, {{kBeginId}, 0}, options.max_length, all);
    std::size_t kept = 0, left_out = 0;
    for (const auto& one : all) {
      if (!one.ended()) continue;
      const std::vector<int32_t> ids(one.tokens.begin() + 1, one.tokens.end() - 1);
      const auto text = vocabulary_.decode(ids).text;
      const bool keep = keeps(sentence, text, one.tokens);
      const auto score = found.find(one.tokens);
      ASSERT_EQ(score != found.end(), keep) << "'" << text << "'";
      ++(keep ? kept : left_out);
      if (keep) {
        EXPECT_NEAR(score->second, score_of(model_, source, one, scored), 1e-4) << text;
      }
    }
    EXPECT_EQ(found.size(), kept);
    EXPECT_GT(kept, 3);
    EXPECT_GT(left_out, 3);
  }

  const Vocabulary& vocabulary_;
  TableModel model_;
};

const WordVocabulary& words() {
  static const WordVocabulary kWords("w\nx\ny\nz\n", "target");
  return kWords;
}

TEST(WideBeam, FindsAllWithoutSuppressedWords) {
  SuppressedWords suppressed(words(), {"w", "y z"});
  SuppressionPolicy policy({&suppressed, &suppressed});
  WideBeam beam(words());
  beam.request.policies = {&policy};
  beam.expect_all([](std::size_t, const std::string& text, const Tokens&) {
    return !stands_in(text, "w") && !stands_in(text, "y z");
  });
}

TEST(WideBeam, FindsAllWithoutSuppressedWordsHoweverTheyAreCut) {
  HandmadeModel model;
  for (const char* piece : {"▁c", "▁", "at", "a", "t", "s"}) model.pieces.push_back({piece});
  const SentencePieceVocabulary pieces(model.serialized(), "handmade");
  SuppressedWords suppressed(pieces, {"cat", "s"});
  SuppressionPolicy policy({&suppressed, &suppressed});
  WideBeam beam(pieces);
  beam.request.policies = {&policy};
  beam.expect_all([](std::size_t, const std::string& text, const Tokens&) {
    return !stands_in(text, "cat") && !stands_in(text, "s");
  });
}

TEST(WideBeam, FindsAllOfTheLengthsByTheRatioOfEachLine) {
  MinimumLength minimum({3, 2}, 8);
  WideBeam beam(words());
  beam.request.policies = {&minimum};
  beam.request.length_ratios = {0.4, 2.5};
  beam.options.brevity_penalty = 1.5;
  beam.expect_all([](std::size_t sentence, const std::string&, const Tokens& tokens) {
    return tokens.size() - 2 >= (sentence == 0 ? 3 : 2);
  });
}

TEST(WideBeam, FindsAllThatBeginAsTheyShould) {
  ForcedBeginnings beginnings({{7, 4}, {5}});
  WideBeam beam(words());
  beam.request.policies = {&beginnings};
  beam.expect_all([](std::size_t sentence, const std::string&, const Tokens& tokens) {
    if (sentence == 0) return tokens[1] == 7 && tokens[2] == 4;
    return tokens[1] == 5;
  });
}

/// Lines that must hold these phrases in at most `limit` tokens, of which some are given.
RequiredPhrases required(const PhraseSpeller& speller,
                         const std::vector<std::vector<std::string>>& phrases,
                         const std::vector<int64_t>& given, int64_t limit) {
  std::vector<PhraseLine> lines;
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    auto& line = lines.emplace_back();
    for (const auto& phrase : phrases[i]) line.phrases.push_back(speller.spell(phrase));
    line.given = given[i];
    line.limit = limit;
  }
  return {speller, std::move(lines)};
}

TEST(WideBeam, FindsAllWithSomePhrasesAndWithoutOthers) {
  const PhraseSpeller speller(words());
  SuppressedWords avoided_first(words(), {"y", "w x"}), avoided_second(words(), {"z"});
  SuppressionPolicy avoided({&avoided_first, &avoided_second});
  auto phrases = required(speller, {{"x w"}, {}}, {0, 0}, 5);
  WideBeam beam(words());
  beam.options.max_length = 5;
  beam.request.policies = {&avoided, &phrases};
  beam.expect_all([](std::size_t sentence, const std::string& text, const Tokens&) {
    if (sentence == 1) return !stands_in(text, "z");
    return stands_in(text, "x w") && !stands_in(text, "y") && !stands_in(text, "w x");
  });
}

TEST(WideBeam, FindsAllThatEveryRuleTogetherLeaves) {
  const PhraseSpeller speller(words());
  ForcedBeginnings beginnings({{7}, {}});
  MinimumLength minimum({4, 2}, 8);
  SuppressedWords avoided_first(words(), {"w z"}), avoided_second(words(), {"x x"});
  SuppressionPolicy avoided({&avoided_first, &avoided_second});
  auto phrases = required(speller, {{"x w"}, {"y"}}, {1, 0}, 6);
  WideBeam beam(words());
  beam.options.max_length = 6;
  beam.options.brevity_penalty = 0.5;
  beam.request.policies = {&beginnings, &minimum, &avoided, &phrases};
  beam.request.length_ratios = {1.5, 0.7};
  beam.request.lists = {{kUnknownId, kEndId, 4, 5, 7}, {kUnknownId, kEndId, 5, 6}};
  beam.expect_all([](std::size_t sentence, const std::string& text, const Tokens& tokens) {
    if (sentence == 1) return stands_in(text, "y") && !stands_in(text, "x x") && tokens.size() >= 4;
    return tokens[1] == 7 && stands_in(text, "x w") && !stands_in(text, "w z") &&
           tokens.size() >= 6;
  });
}

}  // namespace
}  // namespace weft
