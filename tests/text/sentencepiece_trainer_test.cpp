#include "text/sentencepiece_trainer.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "base/temporary_directory.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/user_error.h"

namespace weft {
namespace {

using testing::HasSubstr;

/// Sentences of made-up words, enough for a few hundred pieces.
std::string sentences(int count) {
  const std::string syllables[] = {"ba", "ke", "lo", "mi", "nu", "sha", "tre", "vo", "zi", "gru"};
  std::string text;
  unsigned state = 7;
  for (int i = 0; i < count; ++i) {
    for (int word = 0; word < 6; ++word) {
      for (unsigned part = 0; part <= state % 3; ++part) {
        state = state * 1664525u + 1013904223u;
        text += syllables[(state >> 16) % 10];
      }
      text += word < 5 ? " " : ".\n";
    }
  }
  return text;
}

SentencePieceTraining small_training() {
  SentencePieceTraining training;
  training.size = 320;
  return training;
}

class SentencePieceTrainer : public testing::TestWithParam<SentencePieceModel> {
 protected:
  SentencePieceTrainer() { training_.model = GetParam(); }

  TemporaryDirectory directory_;
  SentencePieceTraining training_ = small_training();
};

INSTANTIATE_TEST_SUITE_P(Models, SentencePieceTrainer,
                         testing::Values(SentencePieceModel::kUnigram, SentencePieceModel::kBpe));

TEST_P(SentencePieceTrainer, MakesAModelOfTheSizeAsked) {
  const std::string file = directory_.write("train.en", sentences(300));
  const SentencePieceVocabulary vocabulary(train_sentencepiece(training_, {file}), "trained");
  EXPECT_EQ(vocabulary.size(), 320);
  EXPECT_EQ(vocabulary.piece(kPadId), "<pad>");
  EXPECT_EQ(vocabulary.piece(kUnknownId), "<unk>");
  EXPECT_EQ(vocabulary.piece(kBeginId), "<s>");
  EXPECT_EQ(vocabulary.piece(kEndId), "</s>");
  EXPECT_EQ(vocabulary.piece(kFirstOrdinaryId), "<0x00>");
  const std::string line = "bake shalo 猫.";
  EXPECT_EQ(vocabulary.decode(vocabulary.encode(line).ids).text, line);
}

TEST_P(SentencePieceTrainer, GivesTheSameModelForTheSameText) {
  const std::string file = directory_.write("train.en", sentences(300));
  EXPECT_EQ(train_sentencepiece(training_, {file}), train_sentencepiece(training_, {file}));
}

TEST_P(SentencePieceTrainer, DrawsLinesFromAllOfALongText) {
  // 300 lines, then 3000 whose words are others: pieces for both must come from 1000 lines.
  std::string others;
  for (int i = 0; i < 3000; ++i) others += "qux xyq yyx" + std::to_string(i % 7) + "\n";
  const std::string file = directory_.write("train.en", sentences(300) + others);
  training_.size = 290;
  const std::string all = train_sentencepiece(training_, {file});
  training_.sample_lines = 1000;
  const std::string some = train_sentencepiece(training_, {file});
  EXPECT_NE(some, all);
  EXPECT_EQ(some, train_sentencepiece(training_, {file}));
  const SentencePieceVocabulary vocabulary(some, "trained");
  for (const char* letter : {"b", "g", "q", "x"}) {
    EXPECT_EQ(vocabulary.encode(letter).pieces.back().back(), *letter) << "not as bytes";
  }
}

TEST_P(SentencePieceTrainer, ReadsAllFiles) {
  const std::string first = directory_.write("a.en", sentences(300));
  const std::string second = directory_.write("b.en", "qqqq qqqq qqqq\nqqqq\n");
  training_.byte_fallback = false;
  training_.character_coverage = 1.0;
  training_.size = 60;
  const SentencePieceVocabulary vocabulary(train_sentencepiece(training_, {first, second}), "both");
  EXPECT_NE(vocabulary.encode("q").ids.back(), kUnknownId);
  EXPECT_EQ(vocabulary.encode("猫").ids.back(), kUnknownId) << "without byte fallback";
}

TEST_P(SentencePieceTrainer, UsesOverlongLines) {
  std::string line = sentences(600);
  std::replace(line.begin(), line.end(), '\n', ' ');
  ASSERT_GT(line.size(), 3 * 4192u);
  const std::string file = directory_.write("train.en", line);
  EXPECT_EQ(SentencePieceVocabulary(train_sentencepiece(training_, {file}), "x").size(), 320);
}

TEST_P(SentencePieceTrainer, CutsOverlongLinesBetweenCharacters) {
  std::string line = "x";  // so that no cut at a round number of bytes falls between characters
  for (int i = 0; i < 3000; ++i) line += i % 2 == 0 ? "我" : "你";
  const std::string file = directory_.write("train.zh", line + "\n" + sentences(300));
  training_.byte_fallback = false;
  training_.character_coverage = 1.0;
  training_.size = 60;
  const SentencePieceVocabulary vocabulary(train_sentencepiece(training_, {file}), "x");
  for (int id = 0; id < vocabulary.size(); ++id) {
    EXPECT_EQ(vocabulary.piece(id).find("\uFFFD"), std::string::npos);
  }
}

TEST_P(SentencePieceTrainer, MakesWhatATextYieldsWhenMoreIsAskedFor) {
  const std::string file = directory_.write("train.en", sentences(20));
  training_.size = 30000;
  const SentencePieceVocabulary most(train_sentencepiece(training_, {file}), "most");
  EXPECT_GT(most.size(), 270);
  EXPECT_LT(most.size(), 1000);
  const std::string line = sentences(1).substr(0, 20);
  EXPECT_EQ(most.decode(most.encode(line).ids).text, line);
  training_.size = most.size();
  const SentencePieceVocabulary same(train_sentencepiece(training_, {file}), "same");
  ASSERT_EQ(same.size(), most.size());
  for (int id = 0; id < most.size(); ++id) EXPECT_EQ(same.piece(id), most.piece(id));
}

TEST_P(SentencePieceTrainer, MakesAVocabularyOfNextToNothing) {
  training_.size = 8000;
  training_.character_coverage = 1;
  for (const char* text : {"the cat\n", "a\na\na\n", "1 2 3\n44 55\n", "\u00ad\n", "▁\n",
                           "...\n!?\n", "a\tb\tc\n", "😀😁\n", "me\u200bre\n"}) {
    for (const bool bytes : {true, false}) {
      training_.byte_fallback = bytes;
      const std::string file = directory_.write("train.en", text);
      try {
        const SentencePieceVocabulary made(train_sentencepiece(training_, {file}), "small");
        EXPECT_GT(made.size(), kFirstOrdinaryId) << text;
        made.encode(text);
      } catch (const UserError& error) {
        EXPECT_THAT(error.what(), HasSubstr(file)) << text;
      }
    }
  }
}

TEST_P(SentencePieceTrainer, TheSmallestSizeItNamesIsOneThatWorks) {
  for (const char* text : {"the cat\n", "a\na\n", "abc def ghi\njkl mno\n"}) {
    for (const bool bytes : {true, false}) {
      const std::string file = directory_.write("train.en", text);
      training_.byte_fallback = bytes;
      training_.character_coverage = 1;
      training_.size = bytes ? 258 : 5;
      const std::string message = user_error([&] { train_sentencepiece(training_, {file}); });
      const std::string at_least = "expected at least ";
      ASSERT_THAT(message, HasSubstr(at_least));
      training_.size = std::stoi(message.substr(message.find(at_least) + at_least.size()));
      EXPECT_GT(training_.size, 5);
      EXPECT_NO_THROW(train_sentencepiece(training_, {file})) << text << training_.size;
    }
  }
}

TEST_P(SentencePieceTrainer, RefusesACoverageThatSentencePieceDoes) {
  const std::string file = directory_.write("train.en", sentences(20));
  training_.character_coverage = 0.5;
  EXPECT_EQ(user_error([&] { train_sentencepiece(training_, {file}); }),
            "vocabulary.character_coverage is 0.5; expected a number in [0.98, 1] to train a "
            "SentencePiece model");
}

TEST_P(SentencePieceTrainer, NamesTheSmallestPossibleSize) {
  const std::string file = directory_.write("train.en", sentences(20));
  training_.size = 100;
  const std::string message = user_error([&] { train_sentencepiece(training_, {file}); });
  EXPECT_THAT(message, HasSubstr("vocabulary.source_size is 100, but the characters of "));
  EXPECT_THAT(message, HasSubstr("alone need 2"));  // 4 reserved, 256 bytes, the letters
}

TEST_P(SentencePieceTrainer, RefusesTextThatIsEmpty) {
  const std::string file = directory_.write("train.en", "\n\n");
  EXPECT_EQ(user_error([&] { train_sentencepiece(training_, {file}); }),
            "no text to learn a vocabulary from in " + file);
}

TEST_P(SentencePieceTrainer, PassesOnWhatReadingThrows) {
  const std::string file = directory_.write("train.en", sentences(20) + "bad \xFF byte\n");
  EXPECT_THAT(user_error([&] { train_sentencepiece(training_, {file}); }),
              HasSubstr("train.en:21: not valid UTF-8"));
  EXPECT_THAT(user_error([&] { train_sentencepiece(training_, {directory_.path("none")}); }),
              HasSubstr("none"));
}

}  // namespace
}  // namespace weft
