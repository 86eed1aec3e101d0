#include "model/safetensors.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <torch/types.h>

#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string little_endian(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

/// A file as the format describes it, whatever is in it.
std::string file_of(const std::string& header, const std::string& data) {
  return little_endian(header.size()) + header + data;
}

std::string floats(const std::vector<float>& values) {
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// The header entry of one tensor.
std::string entry(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

class SafetensorsTest : public ::testing::Test {
 protected:
  std::string path() const { return directory_.path("x.safetensors"); }

  /// The message of the UserError that reading `bytes` ends with.
  std::string complaint(const std::string& bytes) const {
    directory_.write("x.safetensors", bytes);
    try {
      read_tensors(path());
    } catch (const UserError& error) {
      EXPECT_THAT(error.what(), StartsWith(path()));
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      return error.what();
    }
    return "no complaint";
  }

  /// The same, of a file with one tensor "t" and the given data.
  std::string complaint(const std::string& described, const std::string& data) const {
    return complaint(file_of(R"({"t":)" + described + "}", data));
  }

  TemporaryDirectory directory_;
};

TEST_F(SafetensorsTest, GivesBackWhatItWasGiven) {
  TensorFile file;
  file.tensors["odd"] = torch::randn({3});
  file.tensors["matrix"] = torch::randn({2, 5});
  file.tensors["transposed"] = torch::randn({2, 5}).t();
  file.tensors["scalar"] = torch::tensor(1.5F);
  file.tensors["none"] = torch::empty({0, 4});
  file.tensors["ids"] = torch::tensor({-1L, 1L << 40});
  file.tensors["bytes"] = torch::tensor({1, 255, 3}, torch::kUInt8);
  file.tensors["parameter"] = torch::randn({2}).requires_grad_();
  file.metadata = {{"text", "\"quoted\"\nÄ"}, {"empty", ""}};
  write_tensors(path(), file);
  const auto read = read_tensors(path());
  EXPECT_EQ(read.metadata, file.metadata);
  ASSERT_EQ(read.tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    ASSERT_EQ(read.tensors.count(name), 1) << name;
    EXPECT_EQ(read.tensors.at(name).scalar_type(), tensor.scalar_type()) << name;
    EXPECT_EQ(read.tensors.at(name).sizes(), tensor.sizes()) << name;
    EXPECT_TRUE(torch::equal(read.tensors.at(name), tensor)) << name;
  }
}

TEST_F(SafetensorsTest, WritesTheLayoutOfTheFormat) {
  TensorFile file;
  file.tensors["b"] = torch::tensor({1, 2, 3}, torch::kUInt8);
  file.tensors["f"] = torch::tensor({{0.5F, -2.0F, 3.0F}});
  file.tensors["i"] = torch::tensor({7}, torch::kInt64);
  file.metadata["k"] = "v";
  write_tensors(path(), file);
  const auto bytes = directory_.read("x.safetensors");
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i)
    length = length << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  EXPECT_EQ(length % 8, 0);
  const auto header = json::parse(bytes.substr(8, length));
  const auto data = bytes.substr(8 + length);
  EXPECT_EQ(header, json::parse(R"({"__metadata__": {"k": "v"},
      "i": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]},
      "f": {"dtype": "F32", "shape": [1, 3], "data_offsets": [8, 20]},
      "b": {"dtype": "U8", "shape": [3], "data_offsets": [20, 23]}})"));
  EXPECT_EQ(data, little_endian(7) + floats({0.5F, -2.0F, 3.0F}) + "\x01\x02\x03");
}

TEST_F(SafetensorsTest, ReadsAFileMadeByHand) {
  directory_.write("x.safetensors",
                   file_of(R"({"t":)" + entry("F32", "[2,1]", "[0,8]") + "}    ", floats({1, 2})));
  // Nothing promises that the header's length is a multiple of 4; only then the numbers are
  // aligned.
  const auto read = read_tensors(path());
  EXPECT_TRUE(torch::equal(read.tensors.at("t"), torch::tensor({{1.0F}, {2.0F}})));
  EXPECT_TRUE(read.metadata.empty());
}

TEST_F(SafetensorsTest, LeavesTheFileAsItIsWhenATensorIsWrittenTo) {
  write_tensors(path(), {{{"t", torch::zeros({4})}}, {}});
  const auto before = directory_.read("x.safetensors");
  read_tensors(path()).tensors.at("t").fill_(1);
  EXPECT_EQ(directory_.read("x.safetensors"), before);
}

TEST_F(SafetensorsTest, KeepsItsTensorsWhenTheFileIsReplaced) {
  write_tensors(path(), {{{"t", torch::ones({4})}}, {}});
  const auto tensor = read_tensors(path()).tensors.at("t");
  write_tensors(path(), {{{"t", torch::zeros({4})}}, {}});
  EXPECT_TRUE(torch::equal(tensor, torch::ones({4})));
}

TEST_F(SafetensorsTest, ReadsTensorsOfNoElementsHoweverTheyAreShaped) {
  directory_.write("x.safetensors", file_of(R"({"t":)" + entry("F32", "[5,0]", "[0,0]") + "}", ""));
  EXPECT_EQ(read_tensors(path()).tensors.at("t").sizes(), (std::vector<int64_t>{5, 0}));
}

TEST_F(SafetensorsTest, RefusesAFileThatEndsEarlyWhereverItEnds) {
  write_tensors(path(), {{{"t", torch::ones({3})}, {"u", torch::ones({2})}}, {{"k", "v"}}});
  const auto whole = directory_.read("x.safetensors");
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THAT(complaint(whole.substr(0, size)), HasSubstr("is damaged: ")) << size;
  EXPECT_THAT(complaint(whole + "x"), HasSubstr("is damaged: "));
}

TEST_F(SafetensorsTest, RefusesAHeaderLengthThatCannotBe) {
  for (const std::uint64_t length : {3UL, 100UL, 100'000'001UL, ~0UL, ~0UL - 7})
    EXPECT_THAT(complaint(little_endian(length) + "{}"),
                HasSubstr("its header is said to have " + std::to_string(length)));
}

TEST_F(SafetensorsTest, RefusesAHeaderThatIsNotTheJsonItShouldBe) {
  for (const char* header :
       {"", "{", "{}x", "[[1]]", "3", R"({"t":1})", R"({"t":{}})", "{\"\xff\":1}",
        R"({"__metadata__":{"a":1}})", R"({"__metadata__":[]})",
        R"({"t":{"dtype":1,"shape":[],"data_offsets":[0,0]}})",
        R"({"t":{"dtype":"F32","shape":"x","data_offsets":[0,0]}})"})
    EXPECT_THAT(complaint(file_of(header, "")), HasSubstr("is damaged: ")) << header;
}

TEST_F(SafetensorsTest, RefusesTypesItDoesNotKnow) {
  EXPECT_THAT(complaint(entry("BF16", "[1]", "[0,2]"), "xx"),
              HasSubstr("tensor 't' has type BF16; expected F32, F16, I64 or U8"));
}

TEST_F(SafetensorsTest, RefusesNumbersThatAreNoSizes) {
  for (const char* shape :
       {"[-1]", "[1.0]", "[true]", "[1e30]", "[99999999999999999999]", "[null]"}) {
    EXPECT_THAT(complaint(entry("F32", shape, "[0,4]"), floats({1})),
                HasSubstr("in a list; expected whole numbers"))
        << shape;
  }
  EXPECT_THAT(complaint(entry("F32", "[1]", "[0.5,4]"), floats({1})),
              HasSubstr("'t' has 0.5 in a list; expected whole numbers"));
}

TEST_F(SafetensorsTest, RefusesShapesWhoseProductOverflows) {
  for (const char* shape :
       {"[18446744073709551615]", "[9223372036854775808]", "[4294967296,4294967296]",
        "[4611686018427387905,4]", "[0,18446744073709551615]", "[0,4611686018427387904,4]",
        "[3,6148914691236517206]"})
    EXPECT_THAT(complaint(entry("F32", shape, "[0,4]"), floats({1})), HasSubstr("is damaged: "))
        << shape;
}

TEST_F(SafetensorsTest, RefusesOffsetsThatDoNotFit) {
  for (const char* offsets : {"[0,4]", "[0,12]", "[4,12]", "[8,0]", "[8,16]", "[0]", "[0,8,8]",
                              "[]", "[18446744073709551608,0]", "[0,9]"})
    EXPECT_THAT(complaint(entry("F32", "[2]", offsets), floats({1, 2})), HasSubstr("is damaged: "))
        << offsets;
}

TEST_F(SafetensorsTest, RefusesTensorsThatOverlapOrLeaveBytesOut) {
  const auto two = [](const std::string& first, const std::string& second) {
    return R"({"a":)" + entry("U8", "[4]", first) + R"(,"b":)" + entry("U8", "[4]", second) + "}";
  };
  EXPECT_THAT(complaint(file_of(two("[0,4]", "[4,8]"), "12345678")), HasSubstr("no complaint"));
  EXPECT_THAT(complaint(file_of(two("[0,4]", "[2,6]"), "123456")), HasSubstr("overlap"));
  EXPECT_THAT(complaint(file_of(two("[0,4]", "[0,4]"), "1234")), HasSubstr("overlap"));
  EXPECT_THAT(complaint(file_of(two("[0,4]", "[5,9]"), "123456789")), HasSubstr("gap"));
  EXPECT_THAT(complaint(file_of(two("[0,4]", "[4,8]"), "123456789")),
              HasSubstr("fill 8 bytes of 9"));
}

TEST_F(SafetensorsTest, SaysWhatAFileIsThatCannotBeRead) {
  const auto complaint_about = [](const std::string& path) {
    try {
      read_tensors(path);
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string("no complaint");
  };
  EXPECT_THAT(complaint_about(directory_.path("absent")),
              HasSubstr("cannot be opened (No such file"));
  EXPECT_THAT(complaint_about(directory_.path("")), HasSubstr("is not a regular file"));
  ASSERT_EQ(::mkfifo(directory_.path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(complaint_about(directory_.path("pipe")), HasSubstr("is not a regular file"));
}

TEST_F(SafetensorsTest, SaysWhereItCannotWrite) {
  EXPECT_THROW(write_tensors(directory_.path("absent/x"), {}), UserError);
}

}  // namespace
}  // namespace weft
