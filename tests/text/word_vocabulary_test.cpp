#include "text/word_vocabulary.h"

#include <gmock/gmock.h>

#include "text/user_error.h"
#include "text/word_normalizer.h"

namespace weft {
namespace {

using testing::ElementsAre;

std::string refusal(const std::string& list) {
  return user_error([&] { WordVocabulary(list, "de.words"); });
}

TEST(WordVocabulary, NumbersWordsBehindTheReservedTokens) {
  const WordVocabulary vocabulary("der\nHund\n猫\n", "de.words");
  EXPECT_EQ(vocabulary.size(), 7);
  EXPECT_EQ(vocabulary.piece(kPadId), "<pad>");
  EXPECT_EQ(vocabulary.piece(kUnknownId), "<unk>");
  EXPECT_EQ(vocabulary.piece(kBeginId), "<s>");
  EXPECT_EQ(vocabulary.piece(kEndId), "</s>");
  EXPECT_EQ(vocabulary.piece(4), "der");
  EXPECT_EQ(vocabulary.piece(6), "猫");
  EXPECT_THROW(vocabulary.piece(7), std::out_of_range);
}

TEST(WordVocabulary, TextsOfTokensAreWordsBehindBlanks) {
  const WordVocabulary vocabulary("der\nHund\n", "de.words");
  EXPECT_EQ(vocabulary.text_of(5), " Hund");
  for (const int64_t silent : {kPadId, kBeginId, kEndId}) EXPECT_EQ(vocabulary.text_of(silent), "");
}

TEST(WordVocabulary, EncodesWhatWhitespaceSeparates) {
  const WordVocabulary vocabulary("der\nHund\n猫\n", "de.words");
  const EncodedLine encoded = vocabulary.encode(" der\tDachs\u3000猫");
  EXPECT_THAT(encoded.ids, ElementsAre(4, kUnknownId, 6));
  EXPECT_THAT(encoded.pieces, ElementsAre("der", "Dachs", "猫"));
  EXPECT_THAT(encoded.spans, ElementsAre(Span{1, 4}, Span{5, 10}, Span{13, 16}));
  EXPECT_TRUE(vocabulary.encode("").ids.empty());
  EXPECT_TRUE(vocabulary.encode(" \u3000").ids.empty());
  EXPECT_THROW(vocabulary.encode("a\xFF"), std::invalid_argument);
}

TEST(WordVocabulary, ReservedTokensInTextAreUnknownWords) {
  const WordVocabulary vocabulary("<pad>\n<unk>\n<s>\n</s>\na\n", "de.words");
  EXPECT_THAT(vocabulary.encode("<s> a </s> <pad>").ids,
              ElementsAre(kUnknownId, 4, kUnknownId, kUnknownId));
}

TEST(WordVocabulary, DecodesWithASpaceBetweenWords) {
  const WordVocabulary vocabulary("der\nHund\n", "de.words");
  const DecodedLine decoded = vocabulary.decode({kBeginId, 4, kUnknownId, 5, kEndId, kPadId});
  EXPECT_EQ(decoded.text, "der <unk> Hund");
  EXPECT_THAT(decoded.pieces, ElementsAre("<s>", "der", "<unk>", "Hund", "</s>", "<pad>"));
  EXPECT_THAT(decoded.spans, ElementsAre(Span{0, 0}, Span{0, 3}, Span{4, 9}, Span{10, 14},
                                         Span{14, 14}, Span{14, 14}));
  EXPECT_THROW(vocabulary.decode({6}), std::out_of_range);
  EXPECT_THROW(vocabulary.decode({-1}), std::out_of_range);
}

TEST(WordVocabulary, ListsWordsThatWouldBreakALineAndDecodesThemAsSpaces) {
  const WordVocabulary vocabulary(std::string("a\nb\0c\n\x1B[1m\nd\n", 13), "de.words");
  EXPECT_THAT(vocabulary.unprintable_ids(), ElementsAre(5, 6));
  const DecodedLine decoded = vocabulary.decode({4, 5, 6, 7});
  EXPECT_EQ(decoded.text, "a b c  [1m d");
  EXPECT_EQ(decoded.spans[1], (Span{2, 5}));
}

TEST(WordVocabulary, TakesBlankLinesAtTheEnd) {
  for (const char* list : {"a\nb", "a\nb\n\n", "a\r\nb\r\n\r\n\n"})
    EXPECT_EQ(WordVocabulary(list, "de.words").serialized(), "a\nb\n");
  EXPECT_EQ(refusal("a\n\nb\n"), "de.words:2: empty line; expected one word");
  EXPECT_EQ(refusal("\n\n"), "de.words: no words; expected one word per line");
}

TEST(WordVocabulary, TakesReservedTokensAtTheTopInAnyOrder) {
  for (const char* list : {"a\nb\n", "<unk>\na\nb\n", "</s>\n<s>\n<pad>\n<unk>\na\nb\n"}) {
    const WordVocabulary vocabulary(list, "de.words");
    EXPECT_EQ(vocabulary.size(), 6) << list;
    EXPECT_EQ(vocabulary.piece(4), "a") << list;
    EXPECT_EQ(vocabulary.serialized(), "a\nb\n") << list;
  }
}

TEST(WordVocabulary, TakesWhatEditorsWrite) {
  const WordVocabulary vocabulary(
      "\xEF\xBB\xBF"
      "a\r\nb",
      "de.words");
  EXPECT_EQ(vocabulary.serialized(), "a\nb\n");
}

TEST(WordVocabulary, SaysWhatIsWrongWithAList) {
  EXPECT_EQ(refusal("a\nb\na\n"), "de.words:3: duplicate word 'a'");
  EXPECT_EQ(refusal("a 100\nb 99\n"),
            "de.words:1: 'a 100' is a word and a count; expected one word per line\n"
            "de.words:2: 'b 99' is a word and a count; expected one word per line");
  EXPECT_EQ(refusal("<s>\n<s>\na\n"), "de.words:2: duplicate word '<s>'");
  EXPECT_EQ(refusal("a\n<s>\n"),
            "de.words:2: reserved token '<s>' below an ordinary word; expected at the top or not "
            "at all");
  EXPECT_EQ(refusal("a\n\nb\n"), "de.words:2: empty line; expected one word");
  EXPECT_EQ(refusal("a\nb 12\n"),
            "de.words:2: 'b 12' is a word and a count; expected one word per line");
  EXPECT_EQ(refusal("a\n\na\nb c\n"),
            "de.words:2: empty line; expected one word\nde.words:3: duplicate word 'a'\n"
            "de.words:4: 'b c' holds whitespace; expected one word per line");
  EXPECT_EQ(refusal("a\n b\n"), "de.words:2: ' b' holds whitespace; expected one word per line");
  EXPECT_EQ(refusal("a\n\xFF\n"), "de.words:2: not valid UTF-8; expected a word list");
  EXPECT_EQ(refusal(""), "de.words: no words; expected one word per line");
  EXPECT_EQ(refusal("<pad>\n"), "de.words: no words; expected one word per line");
}

// What is expected is Python's: unicodedata.normalize and str.lower.
TEST(WordVocabulary, NormalizesWords) {
  using enum WordNormalization;
  const std::string decomposed = "Cafe\u0301", wide = "\uFF21\uFF22\uFB01", greek = "\u039F\u03A3";
  EXPECT_EQ(normalized_word(decomposed, kNone), decomposed);
  EXPECT_EQ(normalized_word(decomposed, kNfc), "Caf\u00E9");
  EXPECT_EQ(normalized_word(wide, kNfc), wide);
  EXPECT_EQ(normalized_word(wide, kNfkc), "ABfi");
  EXPECT_EQ(normalized_word(decomposed, kNfcLower), "caf\u00E9");
  EXPECT_EQ(normalized_word(wide, kNfkcLower), "abfi");
  EXPECT_EQ(normalized_word("HUND'S", kNfkcLower), "hund's");
  EXPECT_EQ(normalized_word("HUND'S", kNfkc), "HUND'S");
  EXPECT_EQ(normalized_word("STRA\u1E9EE", kNfcLower), "stra\u00DFe") << "no case folding";
  EXPECT_EQ(normalized_word(greek, kNfcLower), "\u03BF\u03C2") << "a sigma at the end";
  EXPECT_EQ(normalized_word("\u00B4", kNfkc), "\u0301") << "without the blank of NFKC";
  EXPECT_THROW(normalized_word("a\xFF", kNfc), std::invalid_argument);
}

TEST(WordVocabulary, LooksForWordsInItsForm) {
  const WordVocabulary vocabulary("<normalization> nfkc_lower\n<unk>\nhund\ncaf\u00E9\n",
                                  "de.words");
  EXPECT_EQ(vocabulary.size(), 6);
  EXPECT_EQ(vocabulary.piece(4), "hund");
  const std::string line = "Cafe\u0301 DACHS \uFF28und";
  const auto encoded = vocabulary.encode(line);
  EXPECT_THAT(encoded.ids, ElementsAre(5, kUnknownId, 4));
  EXPECT_THAT(encoded.pieces, ElementsAre("caf\u00E9", "DACHS", "hund"));
  EXPECT_THAT(encoded.spans, ElementsAre(Span{0, 6}, Span{7, 12}, Span{13, 19}))
      << "of the line as it was written";
  const WordVocabulary again(vocabulary.serialized(), "again");
  EXPECT_EQ(again.encode(line).ids, encoded.ids);
  EXPECT_EQ(again.serialized(), vocabulary.serialized());
}

TEST(WordVocabulary, KnowsWordsThatNoLineHas) {
  EXPECT_EQ(WordVocabulary("<normalization> nfc_lower\nHund\nhund\n", "x").unreachable_words(), 1);
  EXPECT_EQ(WordVocabulary("Hund\nhund\n", "x").unreachable_words(), 0);
}

TEST(WordVocabulary, ListsSayTheirForm) {
  using enum WordNormalization;
  const std::string key = "vocabulary.source_word_normalization";
  EXPECT_EQ(normalized_list("\xEF\xBB\xBFHund\n", kNone, "x", key), "\xEF\xBB\xBFHund\n");
  const auto list = normalized_list("\xEF\xBB\xBFhund\n", kNfcLower, "x", key);
  EXPECT_EQ(list, "<normalization> nfc_lower\nhund\n");
  EXPECT_EQ(normalized_list(list, kNfcLower, "x", key), list);
  EXPECT_EQ(normalized_list(list, kNone, "x", key), list);
  EXPECT_EQ(user_error([&] { normalized_list(list, kNfkc, "x", key); }),
            "x:1: is a list for words in the form nfc_lower, but " + key +
                " is nfkc; expected the same, or none");
  EXPECT_EQ(refusal("<normalization> upper\na\n"),
            "de.words:1: normalization 'upper'; expected one of none, nfc, nfkc, nfc_lower, "
            "nfkc_lower");
  EXPECT_EQ(refusal("<normalization> nfc\na\na\n"), "de.words:3: duplicate word 'a'");
}

}  // namespace
}  // namespace weft
