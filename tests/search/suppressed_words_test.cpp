#include "search/suppressed_words.h"

#include <gmock/gmock.h>
#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "search/beam_search.h"
#include "search/excluded_tokens.h"
#include "search/find_word.h"
#include "search/table_model.h"
#include "text/handmade_model.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

/// Pieces that spell "cat" in many ways, and bytes.
std::shared_ptr<Vocabulary> cat_pieces() {
  HandmadeModel model;
  model.add_bytes();
  for (const char* piece :
       {"▁", "▁cat", "▁ca", "▁c", "c", "a", "t", "at", "s", "▁s", ".", "▁a.", "猫", "é", "▁\n"})
    model.pieces.push_back({piece});
  return std::make_shared<SentencePieceVocabulary>(model.serialized(), "handmade");
}

const std::vector<Tokens> kOddSources{{4, 5, 6}, {7}, {5, 5, 4, 9, 8, 6}, {}, {6, 4}, {8}, {9, 9}};

struct Found {
  std::vector<std::string> texts;
  int unfinished = 0;
};

/// All translations that a random model makes without these words. It thinks of few tokens but the
/// pieces above, and often of the end.
Found translations(const Vocabulary& vocabulary, const std::vector<std::string>& words,
                   double end_bias) {
  TableOptions table;
  table.vocabulary = vocabulary.size();
  table.end_bias = end_bias;
  table.favoured_from = vocabulary.size() > 200 ? vocabulary.size() - 15 : 0;
  TableModel model(table);
  DecodingOptions options;
  options.beam_size = 8;
  options.max_length_factor = 1;
  ExcludedTokens unprintable(vocabulary.unprintable_ids());
  SearchRequest request{{&unprintable}};
  std::unique_ptr<SuppressedWords> suppressed;
  std::unique_ptr<SuppressionPolicy> policy;
  if (!words.empty()) {
    suppressed = std::make_unique<SuppressedWords>(vocabulary, words);
    policy = std::make_unique<SuppressionPolicy>(
        std::vector<SuppressedWords*>(kOddSources.size(), suppressed.get()));
    request.policies.push_back(policy.get());
  }
  Found found;
  for (const auto& hypotheses : beam_search(model, source_batch(kOddSources), options, request)) {
    EXPECT_EQ(hypotheses.size(), 8);
    for (const auto& hypothesis : hypotheses) {
      found.texts.push_back(vocabulary.decode(hypothesis.tokens).text);
      found.unfinished += hypothesis.finished ? 0 : 1;
    }
  }
  return found;
}

int count_with(const Found& found, const std::string& word) {
  int count = 0;
  for (const auto& text : found.texts) count += stands_in(text, word) ? 1 : 0;
  return count;
}

int count_containing(const Found& found, const std::string& part) {
  int count = 0;
  for (const auto& text : found.texts) count += text.find(part) != std::string::npos ? 1 : 0;
  return count;
}

TEST(SuppressedWords, NeverStandInATranslationHoweverTheyAreCut) {
  const auto vocabulary = cat_pieces();
  for (const double end_bias : {3.0, -20.0}) {  // what ends, and what the length limit cuts
    const auto free = translations(*vocabulary, {}, end_bias);
    EXPECT_EQ(free.unfinished > 0, end_bias < 0);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"cat"}, {"s", "at"}, {"猫", "a"}, {"."}, {"a."}}) {
      const auto found = translations(*vocabulary, words, end_bias);
      for (const auto& word : words) {
        EXPECT_GT(count_with(free, word), 0) << word << " would come otherwise";
        EXPECT_EQ(count_with(found, word), 0) << word;
      }
    }
  }
}

TEST(SuppressedWords, LeaveTheirPiecesToOtherWords) {
  const auto found = translations(*cat_pieces(), {"cat", "at"}, 3);
  EXPECT_GT(count_containing(found, "cat"), 0) << "as in cats";
  EXPECT_GT(count_containing(found, "at"), 0);
}

TEST(SuppressedWords, AreWholeTokensOfAWordList) {
  const WordVocabulary vocabulary("w\nx\ny\nz\n", "target");
  const auto found = translations(vocabulary, {"w", "y z"}, 0);
  EXPECT_EQ(count_with(found, "w"), 0);
  EXPECT_EQ(count_with(found, "y z"), 0);
  EXPECT_GT(count_with(found, "y"), 0);
  EXPECT_GT(count_with(found, "z"), 0);
}

TEST(SuppressedWords, CostNoMoreTrialsOfHalfCharactersForMorePieces) {
  const auto tried = [](int more) {
    HandmadeModel model;
    model.add_bytes();
    for (const char* piece : {"▁", "▁cat", "s"}) model.pieces.push_back({piece});
    for (int n = 0; n < more; ++n) model.pieces.push_back({"▁x" + std::to_string(n)});
    const SentencePieceVocabulary vocabulary(model.serialized(), "handmade");
    SuppressedWords cats(vocabulary, {"cat"});
    EXPECT_TRUE(cats.bonus(cats.after(0, vocabulary.encode("cat").ids.front()), false).defined());
    return cats.tried();
  };
  // Of the thousands of beginnings of characters that might go on with the word, each would try
  // every piece.
  EXPECT_LT(tried(50) - tried(0), 50 * 100);
}

TEST(SuppressedWords, MayNotBeginATranslationEither) {
  const WordVocabulary words("w\nx\ny\nz\n", "target");
  SuppressedWords suppressed(words, {"w"});
  EXPECT_TRUE(suppressed.excludes({5, 4})) << "x w: nothing could follow";
  EXPECT_TRUE(suppressed.excludes({4, 5}));
  EXPECT_FALSE(suppressed.excludes({5, 6}));
  const auto pieces = cat_pieces();
  SuppressedWords cats(*pieces, {"cat"});
  EXPECT_FALSE(cats.excludes(pieces->encode("cat").ids)) << "may become cats";
  EXPECT_TRUE(cats.excludes(pieces->encode("cat a").ids));
}

}  // namespace
}  // namespace weft
