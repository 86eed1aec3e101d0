// SentencePiece models that a person may bring and that no trainer of text would make.
#include <gmock/gmock.h>

#include "base/utf8.h"
#include "text/handmade_model.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/user_error.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SentencePieceVocabulary load(const HandmadeModel& model) {
  return {model.serialized(), "odd.model"};
}

TEST(OddModel, PiecesThatAreNoTextAreRefused) {
  for (const char* piece : {"\x80", "a\xC3", "\xED\xA0\x80", "\xF8\x88\x80\x80\x80"}) {
    HandmadeModel model;
    model.pieces.push_back({"a"});
    model.pieces.push_back({piece});
    EXPECT_EQ(user_error([&] { load(model); }),
              "odd.model: piece 4 is not valid UTF-8; expected a SentencePiece model of text");
  }
}

TEST(OddModel, BytePiecesWithoutAByteAreRefused) {
  HandmadeModel model;
  model.add_bytes();
  model.pieces.back().text = "<0xZZ>";
  EXPECT_THAT(user_error([&] { load(model); }), HasSubstr("not a SentencePiece model"));
}

TEST(OddModel, IdsThatWouldBreakALineAreListedAndDecodedAsSpaces) {
  HandmadeModel model;  // Weft's ids: <pad> is added, so a model's id moves up by one
  for (const char* piece : {"a", "\n", "b\rc", "\t", "d"}) model.pieces.push_back({piece});
  model.add_bytes();
  const auto vocabulary = load(model);
  std::vector<int32_t> expected{5, 6};
  for (int32_t byte = 0; byte < 0x20; ++byte)
    if (byte != '\t') expected.push_back(9 + byte);
  EXPECT_EQ(vocabulary.unprintable_ids(), expected);
  const auto decoded = vocabulary.decode({4, 5, 6, 8, 9, 9 + '\n', 7, 4});
  EXPECT_EQ(decoded.text, "a b cd  \ta");
  EXPECT_THAT(decoded.spans, ElementsAre(Span{0, 1}, Span{1, 2}, Span{2, 5}, Span{5, 6}, Span{6, 7},
                                         Span{7, 8}, Span{8, 9}, Span{9, 10}));
}

TEST(OddModel, WordsThatEndInTheirSpaceLeaveNoneAtTheEndOfALine) {
  HandmadeModel model;
  model.suffixes = true;
  for (const char* piece : {"a▁", "b▁", "c", "▁"}) model.pieces.push_back({piece});
  const auto vocabulary = load(model);
  const auto encoded = vocabulary.encode("a b");
  EXPECT_THAT(encoded.pieces, ElementsAre("a▁", "b▁"));
  const auto decoded = vocabulary.decode(encoded.ids);
  EXPECT_EQ(decoded.text, "a b");
  EXPECT_THAT(decoded.spans, ElementsAre(Span{0, 1}, Span{2, 3}));
  EXPECT_EQ(vocabulary.decode(vocabulary.encode("a c").ids).text, "a c");
}

TEST(OddModel, AnUnknownTokenIsOneLineOfTextWhateverTheModelWritesForIt) {
  HandmadeModel model;
  model.pieces.push_back({"a"});
  model.unknown_surface = "\n\xFF";
  const auto decoded = load(model).decode({4, kUnknownId, 4});
  EXPECT_EQ(decoded.text, "a ?a");
  EXPECT_EQ(decoded.spans.back(), (Span{3, 4}));
}

}  // namespace
}  // namespace weft
