#include "base/utf8.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace weft {
namespace {

TEST(FirstInvalidUtf8, AcceptsTheEndsOfEveryRange) {
  EXPECT_FALSE(first_invalid_utf8(""));
  EXPECT_FALSE(first_invalid_utf8(std::string_view("\0\x7F", 2)));
  EXPECT_FALSE(first_invalid_utf8("\xC2\x80\xDF\xBF"));                  // U+0080, U+07FF
  EXPECT_FALSE(first_invalid_utf8("\xE0\xA0\x80\xED\x9F\xBF"));          // U+0800, U+D7FF
  EXPECT_FALSE(first_invalid_utf8("\xEE\x80\x80\xEF\xBF\xBF"));          // U+E000, U+FFFF
  EXPECT_FALSE(first_invalid_utf8("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));  // U+10000, U+10FFFF
}

struct IllFormed {
  const char* what;
  std::string_view bytes;
};

class IllFormedUtf8 : public testing::TestWithParam<IllFormed> {};

TEST_P(IllFormedUtf8, IsFoundAtItsFirstByte) {
  const std::string text = "né" + std::string(GetParam().bytes) + "x";
  EXPECT_EQ(first_invalid_utf8(text), 3u) << GetParam().what;
  EXPECT_THROW(decode_utf8(text), std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(Unicode, IllFormedUtf8,
                         testing::Values(IllFormed{"lone continuation", "\x80"},
                                         IllFormed{"0xFF", "\xFF"},
                                         IllFormed{"overlong '/'", "\xC0\xAF"},
                                         IllFormed{"overlong U+07FF", "\xE0\x9F\xBF"},
                                         IllFormed{"overlong U+FFFF", "\xF0\x8F\xBF\xBF"},
                                         IllFormed{"surrogate U+D800", "\xED\xA0\x80"},
                                         IllFormed{"surrogate U+DFFF", "\xED\xBF\xBF"},
                                         IllFormed{"U+110000", "\xF4\x90\x80\x80"},
                                         IllFormed{"five-byte lead", "\xF8\x88\x80\x80\x80"},
                                         IllFormed{"cut after two of three", "\xE2\x82"},
                                         IllFormed{"cut after three of four", "\xF0\x9F\x98"}));

TEST_P(IllFormedUtf8, IsReadByteByByteWithinTheText) {
  const std::string text(GetParam().bytes);  // what lies behind it must not be looked at
  const std::string_view exact(text.data(), text.size());
  std::size_t offset = 0;
  EXPECT_TRUE(next_code_point(exact, offset) == 0xFFFD) << GetParam().what;
  EXPECT_EQ(offset, 1u) << GetParam().what;
  while (offset < exact.size()) next_code_point(exact, offset);
  EXPECT_EQ(offset, exact.size());
}

TEST(FirstInvalidUtf8, SeesASequenceCutByTheEnd) {
  EXPECT_EQ(first_invalid_utf8("a\xE2\x82"), 1u);
  EXPECT_EQ(first_invalid_utf8("\xC3"), 0u);
}

TEST(Utf8, DecodesAndEncodesEveryLength) {
  const std::string text = "aé€😀";
  const std::u32string code_points = {U'a', 0xE9, 0x20AC, 0x1F600};
  EXPECT_EQ(decode_utf8(text), code_points);
  EXPECT_EQ(encode_utf8(code_points), text);
}

TEST(Utf8, RoundTripsEveryScalarValue) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    std::string text;
    append_utf8(text, c);
    ASSERT_FALSE(first_invalid_utf8(text)) << static_cast<unsigned>(c);
    std::size_t offset = 0;
    ASSERT_TRUE(next_code_point(text, offset) == c) << static_cast<unsigned>(c);
    ASSERT_EQ(offset, text.size());
  }
}

TEST(Utf8, RefusesToEncodeWhatIsNoCharacter) {
  std::string text;
  EXPECT_THROW(append_utf8(text, 0xD800), std::invalid_argument);
  EXPECT_THROW(append_utf8(text, 0x110000), std::invalid_argument);
  EXPECT_EQ(text, "");
}

TEST(Utf8, CountsCodePoints) {
  EXPECT_EQ(count_code_points(""), 0u);
  EXPECT_EQ(count_code_points("aé€😀"), 4u);
}

TEST(CodePointCounter, CountsFromTheStartOfTheLine) {
  const std::string line = "我 liebe Käse";
  const Span cheese{line.find("Käse"), line.size()};
  CodePointCounter counter(line);
  EXPECT_EQ(counter(cheese), (Span{8, 12}));
  EXPECT_EQ(counter({line.size(), line.size()}), (Span{12, 12}));
  EXPECT_EQ(counter({0, 3}), (Span{0, 1})) << "back to the beginning";
  EXPECT_EQ(counter(cheese), (Span{8, 12}));
  EXPECT_THROW(counter({0, line.size() + 1}), std::out_of_range);
  EXPECT_THROW(counter({3, 0}), std::out_of_range);
}

}  // namespace
}  // namespace weft
