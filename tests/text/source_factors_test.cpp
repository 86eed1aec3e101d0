#include "text/source_factors.h"

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/text_reader.h"
#include "text/user_error.h"
#include "text/vocabulary_factory.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<Vocabulary> words(const std::string& list) {
  return std::make_shared<WordVocabulary>(list, "list");
}

TEST(SplitFactors, TakesALineApart) {
  const auto split = split_factors(" Die|ART|cap  Häuser|NN|cap\t.|PUNCT|none ", {"|", 2});
  EXPECT_EQ(split.text, " Die  Häuser\t. ");
  EXPECT_THAT(split.words, ElementsAre(Span{1, 4}, Span{6, 13}, Span{14, 15}));
  EXPECT_THAT(split.factors,
              ElementsAre(ElementsAre("ART", "NN", "PUNCT"), ElementsAre("cap", "cap", "none")));
  EXPECT_EQ(split_factors("a|b￨x c￨y", {"￨", 1}).text, "a|b c");
}

TEST(SplitFactors, LeavesAPlainLineAsItIs) {
  const auto split = split_factors(" a|b ", {"|", 0});
  EXPECT_EQ(split.text, " a|b ");
  EXPECT_THAT(split.factors, IsEmpty());
  EXPECT_EQ(split_factors(" \t", {"|", 1}).text, " \t");
}

TEST(SplitFactors, SaysWhichWordIsWrong) {
  const auto mistake = [](const char* line) {
    return user_error([&] { split_factors(line, {"|", 2}); });
  };
  EXPECT_EQ(mistake("a|b|c d"),
            "word 2, 'd', has no factor; expected a word and 2 factors, each after '|'");
  EXPECT_EQ(mistake("a|b"),
            "word 1, 'a|b', has 1 factor; expected a word and 2 factors, each after '|'");
  EXPECT_EQ(mistake("a|b|c|d"),
            "word 1, 'a|b|c|d', has 3 factors; expected a word and 2 factors, each after '|'");
  EXPECT_EQ(mistake("a||c"),
            "word 1, 'a||c', has an empty part; expected a word and 2 factors, each after '|'");
}

TEST(FirstMistake, IsTheFirstLineThatCannotBeTakenApart) {
  EXPECT_FALSE(first_mistake({"a|b", "", "c|d"}, {"|", 1}));
  EXPECT_FALSE(first_mistake({"a"}, {"|", 0}));
  const auto mistake = first_mistake({"a|b", "c", "d"}, {"|", 1});
  ASSERT_TRUE(mistake);
  EXPECT_EQ(mistake->index, 1U);
  EXPECT_THAT(mistake->message, testing::HasSubstr("'c', has no factor"));
}

TEST(EncodeSource, GivesEveryTokenTheFactorsOfItsWord) {
  const SourceFactors factors{"|", {words("ART\nNN\n"), words("low\n")}};
  const auto source = encode_source({words("the\ncat\n"), factors}, "the|ART|low cat|NN|UP");
  EXPECT_EQ(source.text, "the cat");
  EXPECT_THAT(source.tokens.ids, ElementsAre(4, 5));
  EXPECT_THAT(source.factors, ElementsAre(ElementsAre(4, 5), ElementsAre(4, kUnknownId)));
  EXPECT_THAT(encode_source({words("the\n"), factors}, "").factors,
              ElementsAre(IsEmpty(), IsEmpty()));
}

// U+0085 is white space to those who count words, and three pieces to SentencePiece.
TEST(EncodeSource, ALineWithoutWordsHasNoTokensThatCouldLackFactors) {
  const auto pieces = load_vocabulary(WEFT_GOLDEN "/text/unigram.model");
  ASSERT_FALSE(pieces->encode("\u0085").ids.empty());
  const auto source = encode_source({pieces, {"|", {words("NN\n"), words("low\n")}}}, "\u0085");
  EXPECT_THAT(source.tokens.ids, IsEmpty());
  EXPECT_THAT(source.tokens.spans, IsEmpty());
  EXPECT_THAT(source.factors, ElementsAre(IsEmpty(), IsEmpty()));
  const auto mixed = encode_source({pieces, {"|", {words("NN\n")}}}, "\u0085 a|NN \u0085");
  EXPECT_EQ(mixed.factors[0].size(), mixed.tokens.ids.size());
  EXPECT_THAT(mixed.factors[0], testing::Each(4));
}

TEST(EncodeSource, GivesEveryPieceTheFactorsOfItsWord) {
  const auto pieces = load_vocabulary(WEFT_GOLDEN "/text/unigram.model");
  const std::string line = " Unbekanntwörtliches|NN  ½|NUM xyz。|FM";
  const auto source = encode_source({pieces, {"|", {words("NN\nNUM\nFM\n")}}}, line);
  EXPECT_EQ(source.text, " Unbekanntwörtliches  ½ xyz。");
  ASSERT_GT(source.tokens.ids.size(), 6U);
  ASSERT_EQ(source.factors[0].size(), source.tokens.ids.size());
  const auto first_end = source.text.find("  "), second_end = source.text.rfind(' ');
  for (std::size_t i = 0; i < source.tokens.ids.size(); ++i) {
    // A "▁" of its own begins the word that follows.
    const auto begin = source.tokens.spans[i].begin;
    const int32_t expected = begin < first_end ? 4 : begin < second_end ? 5 : 6;
    EXPECT_EQ(source.factors[0][i], expected) << source.tokens.pieces[i];
  }
}

TEST(TextReader, ReadsFilesWithAndWithoutFactors) {
  const TemporaryDirectory directory;
  const auto plain = directory.write("plain", "a|b\n");
  const auto factored = directory.write("factored", "c|d e|f\nx\n");
  TextReader reader({plain, {factored, {"|", 1}}});
  std::string line;
  ASSERT_TRUE(reader.next(line));
  EXPECT_EQ(line, "a|b");
  ASSERT_TRUE(reader.next(line));
  EXPECT_EQ(line, "c e");
  EXPECT_THAT(user_error([&] { reader.next(line); }),
              testing::StartsWith(factored + ":2: word 1, 'x', has no factor"));
}

TEST(CheckFactors, FindsTheMistakesOfEachFile) {
  const TemporaryDirectory directory;
  const auto first = directory.write("first", "a|b\nc\nd\n");
  const auto second = directory.write("second", "e|f\n");
  const auto third = directory.write("third", "g|h|i\n");
  Problems problems;
  check_factors({first, second, third}, {"|", 1}, problems);
  EXPECT_THAT(problems.messages(), ElementsAre(testing::StartsWith(first + ":2: word 1, 'c'"),
                                               testing::StartsWith(first + ":3: word 1, 'd'"),
                                               testing::StartsWith(third + ":1: word 1")));
}

TEST(BuildVocabularies, LearnsWordsWithoutFactorsAndFactorsWithoutWords) {
  const TemporaryDirectory directory;
  const auto source = directory.write("s", "b|N|x a|V|x\nb|N|y\n");
  const auto target = directory.write("t", "b|N\n");
  VocabularyOptions options;
  options.type = VocabularyType::kWords;
  const auto built = build_vocabularies(options, {{source}}, {target}, {"|", 2});
  const auto& first = built.sources.at(0);
  EXPECT_EQ(first.vocabulary->serialized(), "b\na\n");
  EXPECT_EQ(built.target->serialized(), "b|N\n");
  EXPECT_EQ(first.factors.separator, "|");
  ASSERT_EQ(first.factors.vocabularies.size(), 2U);
  EXPECT_EQ(first.factors.vocabularies[0]->serialized(), "N\nV\n");
  EXPECT_EQ(first.factors.vocabularies[1]->serialized(), "x\ny\n");
  options.shared = true;
  const auto shared = build_vocabularies(options, {{source}}, {target}, {"|", 2});
  EXPECT_EQ(shared.sources[0].vocabulary->serialized(), "b\na\nb|N\n");
  options.factor_size = 5;
  options.source_size = {8000, 100, 5};
  const auto several =
      build_vocabularies(options, {{source}, {target}, {source}}, {target}, {"|", 2});
  EXPECT_EQ(several.sources[0].factors.vocabularies[0]->serialized(), "N\n");
  ASSERT_EQ(several.sources.size(), 3U);
  EXPECT_EQ(several.sources[1].vocabulary->serialized(), "b|N\n");
  EXPECT_EQ(several.sources[2].vocabulary->serialized(), "a|V|x\n") << "only the first has factors";
  EXPECT_FALSE(are_same(several, built));
  auto other = built;
  EXPECT_TRUE(are_same(built, other));
  other.sources[0].factors.vocabularies[1] = words("z\n");
  EXPECT_FALSE(are_same(built, other));
}

}  // namespace
}  // namespace weft
