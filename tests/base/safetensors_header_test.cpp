// Headers that somebody made up, and some thousand mutants of a good one. No LibTorch: this program
// runs under the sanitizers too.
#include "base/safetensors_header.h"

#include <gmock/gmock.h>

#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "base/error.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

std::string file_of(const std::string& json, const std::string& data) {
  const std::uint64_t length = json.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + json + data;
}

/// What parsing complains of, in one short line; "" if it does not.
std::string complaint(const std::string& file) {
  // A copy of its own, so that the sanitizer sees a read beyond its end.
  const std::vector<char> bytes(file.begin(), file.end());
  try {
    const auto header = parse_safetensors_header("x.safetensors", {bytes.data(), bytes.size()});
    for (const auto& tensor : header.tensors) {
      std::uint64_t elements = 1;
      for (const int64_t size : tensor.shape) elements *= static_cast<std::uint64_t>(size);
      EXPECT_EQ(elements * element_bytes(tensor.type), tensor.end - tensor.begin);
      EXPECT_LE(header.size + tensor.end, bytes.size());
      EXPECT_EQ((header.size + tensor.begin) % element_bytes(tensor.type), 0);
    }
    return "";
  } catch (const UserError& error) {
    const std::string message = error.what();
    EXPECT_LT(message.size(), 500U) << message.substr(0, 500);
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_THAT(message, HasSubstr("x.safetensors: is damaged: "));
    return message;
  }
}

std::string with_shape(const std::string& shape) {
  return file_of(R"({"t":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[0,4]}})", "1234");
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(SafetensorsHeader, IsReadBackAsItWasWritten) {
  SafetensorsHeader header;
  header.tensors = {{"b", ElementType::kInt64, {2}, 0, 16},
                    {"a", ElementType::kUInt8, {3, 1}, 16, 19}};
  header.metadata = {{"k", "\n\"ä"}};
  const auto bytes = format_safetensors_header(header) + std::string(19, 'x');
  const auto read = parse_safetensors_header("x", bytes);
  EXPECT_EQ(read.size + 19, bytes.size());
  EXPECT_EQ(read.metadata, header.metadata);
  ASSERT_EQ(read.tensors.size(), 2U);
  EXPECT_EQ(read.tensors[0].name, "a");
  EXPECT_EQ(read.tensors[0].shape, (std::vector<int64_t>{3, 1}));
  EXPECT_EQ(read.tensors[0].begin, 16U);
}

TEST(SafetensorsHeader, NestingIsRefusedBeforeItIsStoredOrShown) {
  for (const int depth : {1, 2, 100, 45'000, 3'000'000}) {
    EXPECT_THAT(complaint(with_shape(repeated("[", depth + 1) + repeated("]", depth + 1))),
                HasSubstr("nested too deeply"));
  }
  EXPECT_THAT(complaint(with_shape(repeated("[", 3'000'001))), HasSubstr("nested too deeply"));
  EXPECT_THAT(complaint(with_shape(R"([{"a":1}])")), HasSubstr("nested too deeply"));
}

TEST(SafetensorsHeader, WhatIsLongIsNotShownWhole) {
  const std::string long_text = repeated("ä", 1'000'000);
  EXPECT_THAT(complaint(file_of("{\"" + long_text + "\":{}}", "")), HasSubstr("..."));
  EXPECT_NE(complaint(with_shape(std::string("[") + std::string(1'000'000, '9') + "]")), "");
  EXPECT_NE(complaint(with_shape("[\"" + long_text + "\"]")), "");
  EXPECT_NE(complaint(with_shape(std::string("[") + repeated("1,", 1'000'000) + "1]")), "");
  EXPECT_NE(complaint(file_of(R"({"t":{"dtype":")" + long_text + R"("}})", "")), "");
  EXPECT_NE(complaint(file_of("\"" + long_text + "\"", "")), "");
  EXPECT_NE(complaint(file_of(R"({"a\nb":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "x")),
            "");
}

TEST(SafetensorsHeader, ANameIsThereOnce) {
  const std::string entry = R"("t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]})";
  EXPECT_EQ(complaint(file_of("{" + entry + "}", "x")), "");
  EXPECT_THAT(complaint(file_of("{" + entry + "," + entry + "}", "x")),
              HasSubstr("tensor 't' appears twice"));
}

/// Padded, so that the numbers behind it are aligned.
std::string good_header() {
  std::string json =
      R"({"__metadata__":{"weft_format":"1"},"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},)"
      R"("f":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},)"
      R"("b":{"dtype":"U8","shape":[3],"data_offsets":[16,19]}})";
  json.resize((json.size() + 7) / 8 * 8, ' ');
  return json;
}

// Deterministic, and short of a second: values put in the places of others, bytes flipped, moved,
// left out, the length changed.
TEST(SafetensorsHeader, EveryMutantIsReadOrRefusedInALine) {
  ASSERT_EQ(complaint(file_of(good_header(), std::string(19, 'x'))), "");
  const std::vector<std::string> tokens{"[",
                                        "]",
                                        "{",
                                        "}",
                                        ",",
                                        ":",
                                        "\"",
                                        "null",
                                        "true",
                                        "-1",
                                        "0",
                                        "1",
                                        "2.5",
                                        "1e400",
                                        "-0",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "9223372036854775808",
                                        "4611686018427387904",
                                        "[0,8]",
                                        "[[1]]",
                                        "{}",
                                        "\"F32\"",
                                        "\"U8\"",
                                        "\"dtype\":",
                                        "\"shape\":",
                                        "\"\\u0000\"",
                                        "\"\\ud800\"",
                                        "\xFF",
                                        "\n"};
  std::mt19937 random(1);
  const auto below = [&](std::size_t count) { return random() % count; };
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string json = good_header();
    for (std::size_t edits = 1 + below(3); edits > 0; --edits) {
      const std::size_t at = below(json.size());
      const auto& token = tokens[below(tokens.size())];
      const std::vector<std::function<void()>> kinds{
          [&] { json.insert(at, token); },
          [&] { json.replace(at, std::min(token.size(), json.size() - at), token); },
          [&] { json[at] = static_cast<char>(below(256)); }, [&] { json.erase(at, 1 + below(12)); },
          [&] { json.insert(below(json.size()), json.substr(at, below(60))); }};
      kinds[below(kinds.size())]();
      if (json.empty()) json.assign(1, '{');
    }
    auto file = file_of(json, std::string(19, 'x'));
    if (below(10) == 0) file.resize(below(file.size() + 1));
    if (below(20) == 0 && !file.empty())
      file[below(std::min<std::size_t>(8, file.size()))] = static_cast<char>(below(256));
    refused += !complaint(file).empty();
  }
  EXPECT_GT(refused, 15'000);
}

}  // namespace
}  // namespace weft
