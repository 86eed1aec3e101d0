#include "app/shortlist.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "base/temporary_directory.h"
#include "text/handmade_model.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

class ShortlistTest : public testing::Test {
 protected:
  /// The pieces that the shortlist of a line has.
  std::vector<std::string> pieces_for(const std::string& line) {
    Shortlist shortlist(TranslationTable(directory_.path("table")), vocabularies_, options_);
    std::vector<std::string> pieces;
    for (const auto token : shortlist.tokens(encode_source(vocabularies_.sources.front(), line)))
      pieces.emplace_back(vocabularies_.target->piece(token));
    return pieces;
  }

  TemporaryDirectory directory_;
  DecodingOptions options_;
  Vocabularies vocabularies_;
};

std::shared_ptr<Vocabulary> handmade(const std::vector<const char*>& pieces) {
  HandmadeModel model;
  model.add_bytes();
  float score = 0;
  for (const char* piece : pieces) model.pieces.push_back({piece, PieceType::kNormal, score -= 1});
  return std::make_shared<SentencePieceVocabulary>(model.serialized(), "handmade");
}

TEST_F(ShortlistTest, HasTheFrequentAndTheBestTranslationsOfWordsAndPieces) {
  vocabularies_ = {{{handmade({"▁the", "▁house", "▁", "boat", "s"})}},
                   handmade({"▁das", "▁der", "▁Haus", "▁haus", "haus", "▁Heim", "▁", "B", "b",
                             "oot", "t", "▁Straße", "▁x"})};
  directory_.write("table",
                   "house\thaus\t0.6\nhouse\theim\t0.3\nhouse\tx\t0.1\nboat\tboot\t1\n"
                   "street\tstrasse\t1\n");
  options_.shortlist_first = 1;
  options_.shortlist_best = 2;
  EXPECT_THAT(pieces_for("House"), IsSupersetOf({"▁das", "▁Haus", "▁haus", "haus", "▁Heim"}));
  EXPECT_THAT(pieces_for("House"), Not(testing::Contains("▁x")));
  EXPECT_THAT(pieces_for("House"), Not(testing::Contains("▁der")));
  EXPECT_THAT(pieces_for("boat."), IsSupersetOf({"▁", "B", "b", "oot"}));
  // A word that is folded in the table, and one that it lacks, whose pieces others have.
  EXPECT_THAT(pieces_for("street"), testing::Contains("▁Straße"));
  EXPECT_THAT(pieces_for("boats"), testing::Contains("oot"));
  // What is copied.
  EXPECT_THAT(pieces_for("Bt"), IsSupersetOf({"▁", "B", "t"}));
}

TEST_F(ShortlistTest, TakesTablesOverPieces) {
  vocabularies_ = {{{handmade({"▁the", "▁house"})}}, handmade({"▁das", "▁Haus", "▁Heim"})};
  directory_.write("table", "▁house ▁Haus -0.5\n▁the ▁das -0.1\n");
  options_.shortlist_first = 0;
  EXPECT_THAT(pieces_for("house"), testing::Contains("▁Haus"));
  EXPECT_THAT(pieces_for("house"), Not(testing::Contains("▁das")));
}

TEST_F(ShortlistTest, JoinsCharactersOfScriptsWithoutSpaces) {
  vocabularies_ = {{{handmade({"▁we", "▁know"})}}, handmade({"我", "们", "我们", "知道", "我知"})};
  directory_.write("table", "we\t我\t0.5\nwe\t们\t0.5\n");
  options_.shortlist_first = 0;
  options_.shortlist_best = 9;
  EXPECT_THAT(pieces_for("we"), testing::Contains("我们"));
  EXPECT_THAT(pieces_for("we"), Not(testing::Contains("我知")));
}

TEST_F(ShortlistTest, OfWordListsHasWords) {
  vocabularies_ = {{{std::make_shared<WordVocabulary>("a\nb\n", "source")}},
                   std::make_shared<WordVocabulary>("A\nB\nC\nD\n", "target")};
  directory_.write("table", "A a 0.5\nD a 0.2\nB b 1\n");
  options_.shortlist_first = 0;
  EXPECT_THAT(pieces_for("a"), UnorderedElementsAre("A", "D", "<unk>"));  // "a" itself is unknown
}

TEST_F(ShortlistTest, OfATableOfOtherLanguagesIsTold) {
  vocabularies_ = {{{std::make_shared<WordVocabulary>("a\nb\n", "source")}},
                   std::make_shared<WordVocabulary>("A\nB\n", "target")};
  std::string table;
  for (char c = 'a'; c <= 'z'; ++c) table += std::string("w") + c + "\tle" + c + "\t0.5\n";
  directory_.write("table", table);
  EXPECT_THROW(pieces_for("a"), UserError);
}

}  // namespace
}  // namespace weft
