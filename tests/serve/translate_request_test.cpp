#include "serve/translate_request.h"

#include <gmock/gmock.h>

#include "serve/request_error.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kFormType = "application/x-www-form-urlencoded";

TranslateRequest translate_request(const std::string& body, const char* type = "") {
  return read_translate_request(*read_fields(type, body), {});
}
TranslateRequest deepl_request(const std::string& body, const char* type = "") {
  return read_deepl_request(*read_fields(type, body));
}

template <class Read>
std::string refusal_of(Read read) {
  try {
    read();
  } catch (const RequestError& error) {
    return error.what();
  }
  return "";
}

std::vector<std::string> sources(const std::vector<RequestLine>& lines) {
  std::vector<std::string> texts;
  for (const auto& line : lines) texts.push_back(line.source);
  return texts;
}

TEST(TranslateRequest, ReadsWeftsForm) {
  const auto request = translate_request(
      R"({"text": ["a", "b"], "model": "m", "n_best": 3, "beam_size": 4, "alignment": true,
          "source_language": "auto", "target_language": "zh", "tags": true, "stream": true})");
  EXPECT_EQ(request.form, RequestForm::kWeft);
  EXPECT_THAT(request.texts.texts, ElementsAre("a", "b"));
  EXPECT_EQ(request.model, "m");
  EXPECT_EQ(request.n_best, 3);
  EXPECT_EQ(request.beam_size, 4);
  EXPECT_EQ(request.source_language, "");
  EXPECT_EQ(request.target_language, "zh");
  EXPECT_TRUE(request.with_alignment && request.keeps_tags && request.streams);
}

TEST(TranslateRequest, RefusesWhatIsNotKnownOrTooLarge) {
  EXPECT_THAT(refusal_of([] { translate_request(R"({"text": "a", "nbest": 3})"); }),
              HasSubstr("unknown field 'nbest'"));
  EXPECT_EQ(refusal_of([] { translate_request(R"({"text": "a", "beam_size": 21})"); }),
            "'beam_size' is 21; expected an integer in [1, 20]");
  EXPECT_THAT(refusal_of([] { translate_request("{}"); }), HasSubstr("has no 'text'"));
  EXPECT_THAT(refusal_of([] { translate_request(R"({"text": "a", "q": "a"})"); }),
              HasSubstr("both"));
}

/// As the documentation of LibreTranslate has it.
TEST(TranslateRequest, ReadsLibreTranslatesForm) {
  const auto request = translate_request(
      R"({"q": "Ciao!", "source": "auto", "target": "en", "format": "text", "alternatives": 3,
          "api_key": ""})");
  EXPECT_EQ(request.form, RequestForm::kLibreTranslate);
  EXPECT_THAT(request.texts.texts, ElementsAre("Ciao!"));
  EXPECT_FALSE(request.texts.is_list);
  EXPECT_EQ(request.source_language, "");
  EXPECT_EQ(request.target_language, "en");
  EXPECT_EQ(request.n_best, 4);
  EXPECT_FALSE(request.keeps_tags);
  EXPECT_TRUE(translate_request("q=a&source=en&target=de&format=html", kFormType).keeps_tags);
  EXPECT_EQ(refusal_of([] { translate_request("q=a&source=en", kFormType); }),
            "the request has no 'target'");
}

/// As the documentation of DeepL has it.
TEST(TranslateRequest, ReadsDeepLsForms) {
  for (const auto& request :
       {deepl_request(R"({"text": ["Hello", "world"], "target_lang": "DE", "source_lang": "EN"})"),
        deepl_request("text=Hello&text=world&target_lang=DE&source_lang=EN", kFormType)}) {
    EXPECT_EQ(request.form, RequestForm::kDeepL);
    EXPECT_THAT(request.texts.texts, ElementsAre("Hello", "world"));
    EXPECT_EQ(request.source_language, "EN");
    EXPECT_EQ(request.target_language, "DE");
  }
  EXPECT_TRUE(
      deepl_request(R"({"text": ["a"], "target_lang": "DE", "tag_handling": "xml"})").keeps_tags);
  EXPECT_EQ(refusal_of([] { deepl_request("text=a", kFormType); }),
            "the request has no 'target_lang'");
  EXPECT_THAT(refusal_of([] {
                deepl_request(R"({"text": ["a"], "target_lang": "DE", "glossary_id": "x"})");
              }),
              HasSubstr("glossaries"));
}

TEST(TranslateRequest, HasTheLinesOfItsTexts) {
  const auto lines =
      lines_of(translate_request(R"({"text": ["a\nb\r\n\rc", ""]})"), RequestLimits{});
  EXPECT_THAT(sources(lines), ElementsAre("a", "b", "", "c", ""));
  EXPECT_EQ(lines[3].text, 0);
  EXPECT_EQ(lines[4].text, 1);
}

TEST(TranslateRequest, HasLimits) {
  const auto request = translate_request(R"({"text": ["ab\nc", "d"]})");
  EXPECT_EQ(refusal_of([&] { lines_of(request, {.lines = 3, .line_bytes = 2}); }), "");
  EXPECT_EQ(refusal_of([&] { lines_of(request, {.lines = 2, .line_bytes = 2}); }),
            "the request has more than 2 lines");
  EXPECT_EQ(refusal_of([&] { lines_of(request, {.lines = 3, .line_bytes = 1}); }),
            "line 1 has 2 bytes; expected at most 1");
}

TEST(TranslateRequest, PairsTextsWithTheirTranslations) {
  const auto read = [](const std::string& body) {
    return read_align_request(*read_fields("", body));
  };
  const auto lines = lines_of(read(R"({"source": "a\nb", "target": "A\nB"})"), {});
  ASSERT_EQ(lines.size(), 2);
  EXPECT_EQ(lines[1].source + lines[1].target, "bB");
  EXPECT_THAT(refusal_of([&] { read(R"({"source": ["a", "b"], "target": ["A"]})"); }),
              HasSubstr("'source' has 2 texts and 'target' 1"));
  EXPECT_THAT(refusal_of([&] { lines_of(read(R"({"source": "a\nb", "target": "A"})"), {}); }),
              HasSubstr("text 1 has 2 lines and its translation 1"));
}

}  // namespace
}  // namespace weft
