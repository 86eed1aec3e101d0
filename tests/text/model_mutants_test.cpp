// SentencePiece models with bytes changed, and tokens and lines that nobody would think of:
// whatever loads encodes and decodes to lines of UTF-8 whose spans are in order. Deterministic;
// runs under the sanitizers too, where SentencePiece is linked directly.
#include <gmock/gmock.h>
#include <unicode/uchar.h>

#include <fstream>
#include <memory>
#include <random>
#include <sstream>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"
#include "text/control_characters.h"
#include "text/handmade_model.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/source_factors.h"
#include "text/vocabulary_factory.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

void expect_in_order(const std::vector<Span>& spans, const std::string& text) {
  Span before;
  for (const Span& span : spans) {
    ASSERT_LE(span.begin, span.end);
    ASSERT_LE(span.end, text.size());
    ASSERT_LE(before.begin, span.begin) << text;
    ASSERT_FALSE(first_invalid_utf8(text.substr(span.begin, span.end - span.begin))) << text;
    before = span;
  }
}

void expect_printable(const DecodedLine& line, std::size_t ids) {
  ASSERT_FALSE(first_invalid_utf8(line.text)) << line.text;
  ASSERT_FALSE(has_control_character(line.text)) << line.text;
  ASSERT_EQ(line.spans.size(), ids);
  ASSERT_EQ(line.pieces.size(), ids);
  expect_in_order(line.spans, line.text);
}

/// Of those that search may choose within a sentence.
std::vector<int32_t> random_ids(const Vocabulary& vocabulary, std::size_t count,
                                std::mt19937& random) {
  std::vector<int32_t> ids;
  const auto ordinary = static_cast<uint64_t>(vocabulary.size() - kFirstOrdinaryId);
  for (std::size_t i = 0; i < count; ++i) {
    const auto id = static_cast<int64_t>(random() % (ordinary + 1));
    ids.push_back(static_cast<int32_t>(id == 0 ? kUnknownId : kFirstOrdinaryId + id - 1));
  }
  return ids;
}

void exercise(const Vocabulary& vocabulary, std::mt19937& random) {
  for (const char* line :
       {"A man, a plan. ½ ﷺ", "", "  ▁ x\t", "\u0085", "你好 😀 e\u0301", "aaaa <0x0A> </s>"}) {
    const auto encoded = vocabulary.encode(line);
    ASSERT_EQ(encoded.spans.size(), encoded.ids.size());
    expect_in_order(encoded.spans, line);
    for (const auto& piece : encoded.pieces) ASSERT_FALSE(first_invalid_utf8(piece));
    expect_printable(vocabulary.decode(encoded.ids), encoded.ids.size());
  }
  for (int i = 0; i < 3; ++i)
    expect_printable(vocabulary.decode(random_ids(vocabulary, 20, random)), 20);
}

std::string golden_model(const std::string& name) {
  std::ostringstream bytes;
  bytes << std::ifstream(WEFT_GOLDEN "/text/" + name + ".model", std::ios::binary).rdbuf();
  return bytes.str();
}

/// Loads what it can of `model` with some bytes changed; returns how many loaded.
int load_mutants(const std::string& model, int count, std::size_t first, std::size_t last) {
  std::mt19937 random(static_cast<uint32_t>(model.size()));
  int loaded = 0;
  for (int i = 0; i < count; ++i) {
    std::string mutant = model;
    for (std::size_t edits = 1 + random() % 4; edits > 0; --edits)
      mutant[first + random() % (last - first)] = static_cast<char>(random() % 256);
    try {
      const SentencePieceVocabulary vocabulary(std::move(mutant), "mutant");
      ++loaded;
      exercise(vocabulary, random);
    } catch (const UserError&) {
    }
  }
  return loaded;
}

TEST(ModelMutants, OfPiecesTypesAndScores) {
  HandmadeModel model;
  for (const char* piece : {"a", "b", "▁a", "\n", "man", "▁", "½", "é"})
    model.pieces.push_back({piece});
  model.pieces.push_back({"<x>", PieceType::kUserDefined});
  model.pieces.push_back({"<y>", PieceType::kControl});
  model.pieces.push_back({"lan", PieceType::kUnused});
  const std::string small = model.serialized();
  EXPECT_GT(load_mutants(small, 2000, 0, small.size()), 200);
  model.add_bytes();
  const std::string bytes = model.serialized();
  EXPECT_GT(load_mutants(bytes, 300, 0, bytes.size()), 10);
  const std::string trained = golden_model("default");
  EXPECT_GT(load_mutants(trained, 60, 0, 2000), 10);
}

TEST(ModelMutants, OfTheRulesOfNormalisation) {
  const std::string model = golden_model("unigram");
  const std::size_t rules = model.find("nmt_nfkc");
  ASSERT_NE(rules, std::string::npos);
  EXPECT_GT(load_mutants(model, 60, rules + 8, rules + 2000), 0);
  load_mutants(model, 60, rules + 8, model.size());
}

class OddText : public testing::TestWithParam<const char*> {
 protected:
  OddText() {
    const std::string kind = GetParam();
    if (kind == "words") {
      vocabulary_ = std::make_shared<WordVocabulary>("x\ny\n", "words");
    } else if (kind == "identity") {
      HandmadeModel model;
      for (const char* piece : {"x", "▁x", "▁", "y"}) model.pieces.push_back({piece});
      model.add_bytes();
      vocabulary_ = std::make_shared<SentencePieceVocabulary>(model.serialized(), kind);
    } else {
      vocabulary_ = std::make_shared<SentencePieceVocabulary>(golden_model(kind), kind);
    }
  }

  /// Plain, and with a factor behind every word.
  void expect_consistent(const std::string& line) {
    const auto plain = encode_source({vocabulary_}, line);
    ASSERT_EQ(plain.tokens.spans.size(), plain.tokens.ids.size());
    expect_in_order(plain.tokens.spans, plain.text);
    std::string factored;
    std::size_t copied = 0;
    for (const Span& word : split_whitespace(line)) {
      factored += line.substr(copied, word.end - copied) + "|N";
      copied = word.end;
    }
    factored += line.substr(copied);
    const auto source = encode_source({vocabulary_, factors_}, factored);
    ASSERT_EQ(source.factors.at(0).size(), source.tokens.ids.size());
    ASSERT_EQ(source.text, line);
    expect_in_order(source.tokens.spans, source.text);
    expect_printable(vocabulary_->decode(plain.tokens.ids), plain.tokens.ids.size());
  }

  std::shared_ptr<Vocabulary> vocabulary_;
  SourceFactors factors_{"|", {std::make_shared<WordVocabulary>("N\n", "factor")}};
};

// "unigram": nmt_nfkc with bytes; "default": without, as other people's; "identity": no rules.
INSTANTIATE_TEST_SUITE_P(Vocabularies, OddText,
                         testing::Values("unigram", "default", "identity", "words"));

TEST_P(OddText, EveryBlankAndInvisibleCharacterAloneAndBesideLetters) {
  int tried = 0;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    const auto code = static_cast<UChar32>(c);
    const auto kind = u_charType(code);
    const bool odd = u_isUWhiteSpace(code) || kind == U_FORMAT_CHAR || kind == U_CONTROL_CHAR;
    if (!odd || c == '\n') continue;
    std::string character;
    append_utf8(character, c);
    for (const auto& line :
         {character, character + character, "x" + character, character + "x", "x" + character + "y",
          "x " + character + " y", " " + character + " "}) {
      expect_consistent(line);
      if (HasFatalFailure()) FAIL() << "U+" << std::hex << static_cast<uint32_t>(c);
    }
    ++tried;
  }
  EXPECT_GT(tried, 150);
}

TEST_P(OddText, RandomTokensDecodeToALine) {
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    const std::size_t count = random() % 30;
    expect_printable(vocabulary_->decode(random_ids(*vocabulary_, count, random)), count);
  }
}

}  // namespace
}  // namespace weft
