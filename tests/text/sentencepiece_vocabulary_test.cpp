// Ids, pieces, surfaces and decoded text are held against SentencePiece's own Python module
// (tests/golden/text/make_golden.py).
#include "text/sentencepiece_vocabulary.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "base/utf8.h"
#include "base/words.h"
#include "text/user_error.h"

namespace weft {
namespace {

using nlohmann::json;
using testing::ElementsAre;

std::string read_golden(const std::string& name) {
  std::ostringstream bytes;
  bytes << std::ifstream(std::string(WEFT_GOLDEN) + "/text/" + name, std::ios::binary).rdbuf();
  return bytes.str();
}

SentencePieceVocabulary golden_vocabulary(const std::string& model) {
  return {read_golden(model + ".model"), model + ".model"};
}

std::string cut(const std::string& text, Span span) {
  return text.substr(span.begin, span.end - span.begin);
}

/// default.model reserves unknown 0, begin 1, end 2 and no pad: all ids move up by one.
int32_t weft_id(const std::string& model, int32_t model_id) {
  return model == "default" ? model_id + 1 : model_id;
}

/// SentencePiece reads a U+2581 of the text as a space; Weft does not.
std::vector<json> lines_without_marks(const json& lines) {
  std::vector<json> others;
  for (const json& line : lines)
    if (line["line"].get<std::string>().find("▁") == std::string::npos) others.push_back(line);
  return others;
}

class GoldenModel : public testing::TestWithParam<const char*> {
 protected:
  const std::string name_ = GetParam();
  const SentencePieceVocabulary vocabulary_ = golden_vocabulary(name_);
  const json golden_ = json::parse(read_golden("pieces.json"))[name_];
  const std::vector<json> lines_ = lines_without_marks(golden_["lines"]);
};

INSTANTIATE_TEST_SUITE_P(Models, GoldenModel, testing::Values("unigram", "default"));

TEST_P(GoldenModel, HasItsSizeAndTheReservedTokensPadded) {
  const int64_t added = name_ == "default" ? 1 : 0;
  EXPECT_EQ(vocabulary_.size(), golden_["size"].get<int64_t>() + added);
  EXPECT_EQ(vocabulary_.piece(kPadId), "<pad>");
  EXPECT_EQ(vocabulary_.piece(kUnknownId), "<unk>");
  EXPECT_EQ(vocabulary_.piece(kBeginId), "<s>");
  EXPECT_EQ(vocabulary_.piece(kEndId), "</s>");
  EXPECT_THROW(vocabulary_.piece(vocabulary_.size()), std::out_of_range);
}

TEST_P(GoldenModel, EncodesAsSentencePieceDoes) {
  for (const json& expected : lines_) {
    const EncodedLine encoded = vocabulary_.encode(expected["line"].get<std::string>());
    std::vector<int32_t> ids;
    for (const int32_t id : expected["ids"]) ids.push_back(weft_id(name_, id));
    EXPECT_EQ(encoded.ids, ids) << expected["line"];
    EXPECT_EQ(encoded.pieces, expected["pieces"].get<std::vector<std::string>>());
  }
}

TEST_P(GoldenModel, DecodesAsSentencePieceDoes) {
  for (const json& expected : lines_) {
    std::vector<int32_t> ids;
    for (const int32_t id : expected["ids"]) ids.push_back(weft_id(name_, id));
    EXPECT_EQ(vocabulary_.decode(ids).text, expected["decoded"].get<std::string>());
  }
}

TEST_P(GoldenModel, TextsOfTokensJoinToTheDecodedLine) {
  int lines = 0;
  for (const json& line : lines_) {
    const auto ids = vocabulary_.encode(line["line"].get<std::string>()).ids;
    if (ids.empty() || std::find(ids.begin(), ids.end(), kUnknownId) != ids.end()) continue;
    std::string joined;
    for (const int32_t id : ids) joined += vocabulary_.text_of(id);
    EXPECT_EQ(joined, ' ' + vocabulary_.decode(ids).text);
    ++lines;
  }
  EXPECT_GE(lines, 3);
  for (const int64_t silent : {kPadId, kBeginId, kEndId})
    EXPECT_EQ(vocabulary_.text_of(silent), "");
}

TEST_P(GoldenModel, SpansHoldTheSurfaceOfEachPiece) {
  for (const json& expected : lines_) {
    const std::string line = expected["line"];
    const EncodedLine encoded = vocabulary_.encode(line);
    for (std::size_t i = 0; i < encoded.ids.size(); ++i) {
      const std::string surface = expected["surfaces"][i];
      if (split_whitespace(surface).empty()) continue;
      const std::string stood_for = cut(line, encoded.spans[i]);
      EXPECT_NE(surface.find(stood_for), std::string::npos) << surface << " / " << stood_for;
      EXPECT_FALSE(stood_for.empty()) << "piece " << i << " of " << line;
      EXPECT_TRUE(split_whitespace(stood_for).front().begin == 0) << stood_for;
    }
  }
}

void expect_orderly(const std::vector<Span>& spans, const std::string& text) {
  Span before;
  for (const Span& span : spans) {
    ASSERT_LE(span.begin, span.end);
    ASSERT_LE(span.end, text.size());
    EXPECT_LE(before.begin, span.begin) << text;
    EXPECT_LE(before.end, span.end) << text;
    EXPECT_FALSE(first_invalid_utf8(cut(text, span))) << text;
    before = span;
  }
}

TEST_P(GoldenModel, SpansAreOrderedAndOnCharacterBoundaries) {
  for (const json& expected : lines_) {
    const std::string line = expected["line"];
    const EncodedLine encoded = vocabulary_.encode(line);
    ASSERT_EQ(encoded.spans.size(), encoded.ids.size());
    expect_orderly(encoded.spans, line);
    const DecodedLine decoded = vocabulary_.decode(encoded.ids);
    ASSERT_EQ(decoded.spans.size(), encoded.ids.size());
    expect_orderly(decoded.spans, decoded.text);
  }
}

TEST_P(GoldenModel, SpansCoverEveryWord) {
  for (const json& expected : lines_) {
    const std::string line = expected["line"];
    std::vector<bool> covered(line.size(), false);
    for (const Span& span : vocabulary_.encode(line).spans) {
      std::fill(covered.begin() + static_cast<std::ptrdiff_t>(span.begin),
                covered.begin() + static_cast<std::ptrdiff_t>(span.end), true);
    }
    for (const Span& word : split_whitespace(line)) {
      if (name_ == "unigram" && line.find("\u200b") != std::string::npos) continue;
      for (std::size_t i = word.begin; i < word.end; ++i) EXPECT_TRUE(covered[i]) << i << line;
    }
  }
}

TEST(SentencePieceVocabulary, LinesSurviveUpToNormalisation) {
  const SentencePieceVocabulary vocabulary = golden_vocabulary("unigram");
  const auto round_trip = [&](const std::string& line) {
    return vocabulary.decode(vocabulary.encode(line).ids).text;
  };
  EXPECT_EQ(round_trip("我喜欢 Kaffee am Fluß. 😀"), "我喜欢 Kaffee am Fluß. 😀");
  EXPECT_EQ(round_trip("AT&amp;T"), "AT&amp;T");
  EXPECT_EQ(round_trip(" a\t b "), "a b");
  EXPECT_EQ(round_trip("ﬁ Ａ½"), "fi A1\u20442");
  EXPECT_EQ(round_trip("Cafe\u0301"), "Caf\u00e9");
  EXPECT_EQ(round_trip("a\u200bb \ufeff\u00a0c"), "a b c");
  EXPECT_EQ(round_trip(""), "");
}

TEST(SentencePieceVocabulary, AMarkOfASpaceInTheTextIsACharacterOfItsOwn) {
  const SentencePieceVocabulary vocabulary = golden_vocabulary("unigram");
  for (const char* line : {"▁", "a ▁ b", "▁▁ a", "a▁b", "▁a▁", "﷐ ▁ ﷐", "猫▁", "½▁ é"}) {
    const EncodedLine encoded = vocabulary.encode(line);
    const std::string text(line);
    if (text.find("½") == std::string::npos) {
      EXPECT_EQ(vocabulary.decode(encoded.ids).text, line);
    }
    for (const Span& word : split_whitespace(text)) {
      EXPECT_TRUE(
          std::any_of(encoded.spans.begin(), encoded.spans.end(),
                      [&](Span span) { return span.begin < word.end && word.begin < span.end; }))
          << cut(text, word) << " of " << line;
    }
  }
  EXPECT_THAT(vocabulary.encode("a ▁").pieces,
              ElementsAre("▁a", "▁", "<0xE2>", "<0x96>", "<0x81>"));
  EXPECT_THAT(vocabulary.encode("a ▁").spans,
              ElementsAre(Span{0, 1}, Span{1, 2}, Span{2, 5}, Span{2, 5}, Span{2, 5}));
}

TEST(SentencePieceVocabulary, AnUnknownMarkOfASpaceKeepsItsSpelling) {
  const SentencePieceVocabulary vocabulary = golden_vocabulary("default");  // without bytes
  const EncodedLine encoded = vocabulary.encode("A ▁ man");
  EXPECT_THAT(encoded.pieces, testing::Contains("▁"));
  const auto unknown = std::find(encoded.ids.begin(), encoded.ids.end(), kUnknownId);
  ASSERT_NE(unknown, encoded.ids.end());
  const auto place = static_cast<std::size_t>(unknown - encoded.ids.begin());
  EXPECT_EQ(encoded.pieces[place], "▁");
  EXPECT_EQ(encoded.spans[place], (Span{2, 5}));
}

TEST(SentencePieceVocabulary, DecodedBytesStandForTheirWholeCharacter) {
  const SentencePieceVocabulary vocabulary = golden_vocabulary("unigram");
  const EncodedLine encoded = vocabulary.encode("a 😀");
  ASSERT_THAT(encoded.pieces, ElementsAre("▁a", "▁", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>"));
  EXPECT_THAT(encoded.spans,
              ElementsAre(Span{0, 1}, Span{1, 2}, Span{2, 6}, Span{2, 6}, Span{2, 6}, Span{2, 6}));
  EXPECT_EQ(vocabulary.decode(encoded.ids).spans, encoded.spans);
}

TEST(SentencePieceVocabulary, ReservedIdsProduceNoText) {
  const SentencePieceVocabulary vocabulary = golden_vocabulary("unigram");
  const std::vector<int32_t> ids = vocabulary.encode("A man").ids;
  std::vector<int32_t> wrapped = {kBeginId};
  wrapped.insert(wrapped.end(), ids.begin(), ids.end());
  wrapped.insert(wrapped.end(), {kEndId, kPadId});
  const DecodedLine plain = vocabulary.decode(ids);
  const DecodedLine decoded = vocabulary.decode(wrapped);
  EXPECT_EQ(decoded.text, "A man");
  ASSERT_EQ(decoded.spans.size(), wrapped.size());
  EXPECT_EQ(decoded.pieces.front(), "<s>");
  EXPECT_EQ(decoded.spans.front(), (Span{0, 0}));
  EXPECT_EQ(decoded.spans.back(), (Span{5, 5}));
  EXPECT_EQ(decoded.spans[2], plain.spans[1]);
}

TEST(SentencePieceVocabulary, ControlTokensInTextAreText) {
  const SentencePieceVocabulary vocabulary = golden_vocabulary("unigram");
  for (const int32_t id : vocabulary.encode("<s> a </s> <pad>").ids)
    EXPECT_GE(id, kFirstOrdinaryId);
}

TEST(SentencePieceVocabulary, SerializedBytesLoadAgain) {
  const SentencePieceVocabulary vocabulary = golden_vocabulary("default");
  const SentencePieceVocabulary again(vocabulary.serialized(), "again");
  EXPECT_EQ(again.encode("A man stands").ids, vocabulary.encode("A man stands").ids);
  EXPECT_EQ(again.file_ending(), ".spm");
}

TEST(SentencePieceVocabulary, RefusesWhatIsNoModel) {
  for (const std::string& bytes : {std::string(), std::string("garbage"), std::string("a\nb\n"),
                                   std::string(1000, '\0'), std::string(1000, '\xFF')}) {
    EXPECT_EQ(user_error([&] { SentencePieceVocabulary(bytes, "my.model"); }),
              "my.model: not a SentencePiece model, or a damaged one");
  }
}

// A model cut at a field's border still parses; no cut may do worse than throw.
TEST(SentencePieceVocabulary, SurvivesModelsCutShort) {
  const std::string model = read_golden("default.model");
  for (std::size_t size = 0; size < model.size(); ++size) {
    try {
      const SentencePieceVocabulary vocabulary(model.substr(0, size), "cut.model");
      vocabulary.encode("A man");
    } catch (const UserError&) {
    }
  }
}

TEST(SentencePieceVocabulary, RefusesIllFormedUtf8) {
  EXPECT_THROW(golden_vocabulary("default").encode("a\xFF"), std::invalid_argument);
}

TEST(SentencePieceVocabulary, RefusesIdsItDoesNotHave) {
  const SentencePieceVocabulary vocabulary = golden_vocabulary("default");
  EXPECT_THROW(vocabulary.decode({-1}), std::out_of_range);
  EXPECT_THROW(vocabulary.decode({static_cast<int32_t>(vocabulary.size())}), std::out_of_range);
}

TEST(SentencePieceVocabulary, EncodesFromSeveralThreads) {
  const SentencePieceVocabulary vocabulary = golden_vocabulary("unigram");
  const std::string line = "A man in an orange hat 你好 ½";
  const EncodedLine expected = vocabulary.encode(line);
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (int& count : wrong) {
    threads.emplace_back([&vocabulary, &line, &expected, &count] {
      for (int i = 0; i < 200; ++i) count += vocabulary.encode(line).ids != expected.ids;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, ElementsAre(0, 0, 0, 0));
}

}  // namespace
}  // namespace weft
