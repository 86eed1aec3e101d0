#include "text/vocabulary_factory.h"

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "text/handmade_model.h"
#include "text/text_column.h"
#include "text/user_error.h"

namespace weft {
namespace {

using testing::HasSubstr;

constexpr const char* kModel = WEFT_GOLDEN "/text/unigram.model";

class VocabularyFactory : public testing::Test {
 protected:
  VocabularyFactory() { words_.type = VocabularyType::kWords; }

  TemporaryDirectory directory_;
  VocabularyOptions words_;
  std::string german_ = directory_.write("train.de", "der Hund der\n");
  std::string english_ = directory_.write("train.en", "the dog the the der\n");
};

TEST_F(VocabularyFactory, LoadsByEnding) {
  EXPECT_EQ(load_vocabulary(kModel)->file_ending(), ".spm");
  const auto words = load_vocabulary(directory_.write("a.words", "x\ny\n"));
  EXPECT_EQ(words->file_ending(), ".words");
  EXPECT_EQ(words->size(), 6);
  EXPECT_EQ(load_vocabulary(directory_.write("list.txt", "x\n"))->file_ending(), ".words");
}

TEST_F(VocabularyFactory, LoadsBackWhatItSerialized) {
  for (const auto& vocabulary :
       {load_vocabulary(kModel), load_vocabulary(directory_.write("a", "x\n"))}) {
    const auto again =
        load_vocabulary(vocabulary->serialized(), vocabulary->file_ending(), "again");
    EXPECT_EQ(again->size(), vocabulary->size());
    EXPECT_EQ(again->serialized(), vocabulary->serialized());
  }
}

TEST_F(VocabularyFactory, NamesTheFileThatCannotBeLoaded) {
  const std::string broken = directory_.write("broken.model", "no model");
  EXPECT_EQ(user_error([&] { load_vocabulary(broken); }),
            broken + ": not a SentencePiece model, or a damaged one");
  EXPECT_THAT(user_error([&] { load_vocabulary(directory_.path("none.model")); }),
              HasSubstr("none.model"));
}

TEST_F(VocabularyFactory, BuildsOnePerSide) {
  const Vocabularies built = build_vocabularies(words_, {{german_}}, {english_});
  EXPECT_EQ(built.sources[0].vocabulary->serialized(), "der\nHund\n");
  EXPECT_EQ(built.target->serialized(), "the\nder\ndog\n");
}

TEST_F(VocabularyFactory, SharesOneTrainedOnBothSides) {
  words_.shared = true;
  const Vocabularies built = build_vocabularies(words_, {{german_}}, {english_});
  EXPECT_TRUE(built.is_shared());
  EXPECT_EQ(built.sources[0].vocabulary->serialized(), "der\nthe\nHund\ndog\n");
}

TEST_F(VocabularyFactory, LoadsTheSideThatIsGiven) {
  words_.target_file = directory_.write("given.words", "zebra\n");
  const Vocabularies built = build_vocabularies(words_, {{german_}}, {english_});
  EXPECT_EQ(built.sources[0].vocabulary->serialized(), "der\nHund\n");
  EXPECT_EQ(built.target->serialized(), "zebra\n");
}

TEST_F(VocabularyFactory, NormalizesTheWordsOfEachSide) {
  words_.source_word_normalization = WordNormalization::kNfcLower;
  const auto built = build_vocabularies(words_, {{german_}}, {english_});
  EXPECT_EQ(built.sources[0].vocabulary->serialized(), "<normalization> nfc_lower\nder\nhund\n");
  EXPECT_EQ(built.target->serialized(), "the\nder\ndog\n");
  words_.source_file = directory_.write("given.words", "hund\n");
  const auto given = build_vocabularies(words_, {{german_}}, {english_}).sources[0].vocabulary;
  EXPECT_EQ(given->encode("HUND").ids.front(), 4);
  EXPECT_EQ(load_source_file(words_)->serialized(), given->serialized());
  words_.source_file = directory_.write("other.words", "<normalization> nfc\nhund\n");
  EXPECT_THAT(user_error([&] { build_vocabularies(words_, {{german_}}, {english_}); }),
              HasSubstr("vocabulary.source_word_normalization is nfc_lower"));
}

TEST_F(VocabularyFactory, RefusesTwoFilesForASharedOne) {
  words_.shared = true;
  words_.source_file = directory_.write("a.words", "a\n");
  words_.target_file = directory_.write("b.words", "b\n");
  EXPECT_THAT(user_error([&] { build_vocabularies(words_, {{}}, {}); }),
              HasSubstr("expected one file"));
  words_.target_file = words_.source_file;
  EXPECT_EQ(build_vocabularies(words_, {{}}, {}).target->serialized(), "a\n");
}

TEST_F(VocabularyFactory, CountsPiecesThatHoldWhatFormatsGiveAMeaning) {
  EXPECT_EQ(describe_odd_pieces(*load_vocabulary(kModel)), "") << "though it has every byte";
  EXPECT_EQ(describe_odd_pieces(*load_vocabulary(directory_.write("a", "x\n|||\na|||b\n||\n"))),
            "'|||': 2");
  HandmadeModel model;
  for (const char* piece : {"a", "\n", "a\nb", "\t", "\r\n"}) model.pieces.push_back({piece});
  EXPECT_EQ(describe_odd_pieces(*load_vocabulary(directory_.write("m.model", model.serialized()))),
            "a line feed: 3, a carriage return: 1, a tab: 1");
}

TEST_F(VocabularyFactory, TrainsSentencePieceAndNamesTheKeyOfItsSize) {
  VocabularyOptions options;
  options.source_file = kModel;
  const auto pieces = build_vocabularies(options, {{german_}}, {english_}).target->size();
  EXPECT_GT(pieces, 264);
  EXPECT_LT(pieces, 300) << "of the 8000 asked for";
  options.target_size = 100;
  EXPECT_THAT(user_error([&] { build_vocabularies(options, {{german_}}, {english_}); }),
              HasSubstr("vocabulary.target_size is 100"));
}

}  // namespace
}  // namespace weft
