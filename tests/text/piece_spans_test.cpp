#include "text/piece_spans.h"

#include <gmock/gmock.h>

namespace weft {
namespace {

using testing::ElementsAre;

TEST(PieceSpans, CutOffBlanks) {
  const std::string line = "a  bc\xE2\x80\x8B d";  // U+200B after "bc"
  EXPECT_THAT(piece_spans(line, {{"▁a", {0, 1}}, {"▁bc", {1, 8}}, {"▁d", {8, 10}}}),
              ElementsAre(Span{0, 1}, Span{3, 5}, Span{9, 10}));
}

TEST(PieceSpans, KeepTheBlankOfALoneSpaceMark) {
  EXPECT_THAT(piece_spans("a  猫", {{"▁a", {0, 1}}, {"▁", {1, 3}}, {"猫", {3, 6}}}),
              ElementsAre(Span{0, 1}, Span{1, 3}, Span{3, 6}));
}

TEST(PieceSpans, ASpaceMarkThatStandsForNothingIsEmpty) {
  EXPECT_THAT(piece_spans("猫", {{"▁", {0, 0}}, {"猫", {0, 3}}}),
              ElementsAre(Span{0, 0}, Span{0, 3}));
}

TEST(PieceSpans, BytesOfACharacterShareIt) {
  // Two characters of three bytes each; SentencePiece gives the span to the last byte.
  EXPECT_THAT(piece_spans("猫你", {{"<0xE7>", {0, 0}, true},
                                   {"<0x8C>", {0, 0}, true},
                                   {"<0xAB>", {0, 3}, true},
                                   {"<0xE4>", {3, 3}, true},
                                   {"<0xBD>", {3, 3}, true},
                                   {"<0xA0>", {3, 6}, true}}),
              ElementsAre(Span{0, 3}, Span{0, 3}, Span{0, 3}, Span{3, 6}, Span{3, 6}, Span{3, 6}));
}

TEST(PieceSpans, BytesThatFormNoCharacterStandAlone) {
  // Decoding puts U+FFFD, three bytes, for each of them.
  EXPECT_THAT(piece_spans("\xEF\xBF\xBD\xEF\xBF\xBDx",
                          {{"<0xE7>", {0, 3}, true}, {"<0xE7>", {3, 6}, true}, {"x", {6, 7}}}),
              ElementsAre(Span{0, 3}, Span{3, 6}, Span{6, 7}));
}

TEST(PieceSpans, PiecesOfOneCharacterShareIt) {
  // U+00BD is read as "1", U+2044, "2".
  EXPECT_THAT(piece_spans("½ a", {{"▁", {0, 0}},
                                  {"1", {0, 0}},
                                  {"<0xE2>", {0, 0}, true},
                                  {"<0x81>", {0, 0}, true},
                                  {"<0x84>", {0, 0}, true},
                                  {"2", {0, 2}},
                                  {"▁a", {2, 4}}}),
              ElementsAre(Span{0, 0}, Span{0, 2}, Span{0, 2}, Span{0, 2}, Span{0, 2}, Span{0, 2},
                          Span{3, 4}));
}

TEST(PieceSpans, StayWithinTheLineAndOnCharacters) {
  EXPECT_THAT(piece_spans("a\u732b", {{"a", {0, 2}}, {"b", {2, 3}}, {"c", {4, 9}}, {"d", {7, 5}}}),
              ElementsAre(Span{0, 4}, Span{1, 4}, Span{4, 4}, Span{4, 4}));
}

TEST(ByteOfPiece, IsReadFromItsTwoDigitsAlone) {
  EXPECT_EQ(byte_of_piece("<0x00>"), 0);
  EXPECT_EQ(byte_of_piece("<0xEF>"), 0xEF);
  for (const char* text :
       {"", "<0xZZ>", "<0x1Z>", "<0x-1>", "<0x+1>", "<0x 1>", "<0x111>", "0x11", "<0x1>", "(0x11>"})
    EXPECT_EQ(byte_of_piece(text), std::nullopt) << text;
}

TEST(PieceSpans, NoPieces) { EXPECT_TRUE(piece_spans("", {}).empty()); }

}  // namespace
}  // namespace weft
