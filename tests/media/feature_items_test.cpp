// Features of files that NumPy wrote, and of files written here byte by byte.
#include <gmock/gmock.h>

#include <cstring>
#include <filesystem>
#include <limits>

#include "base/safetensors_header.h"
#include "base/temporary_directory.h"
#include "media/golden.h"
#include "media/half.h"
#include "media/open_items.h"
#include "text/user_error.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;

template <class Number>
std::string bytes_of_number(Number number, bool big_endian = false) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return big_endian ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
}

std::string floats(const std::vector<float>& numbers, bool big_endian = false) {
  std::string bytes;
  for (const float number : numbers) bytes += bytes_of_number(number, big_endian);
  return bytes;
}

std::string kaldi_matrix(int32_t rows, int32_t columns, const std::vector<float>& numbers) {
  return std::string("\0BFM \4", 6) + bytes_of_number(rows) + "\4" + bytes_of_number(columns) +
         floats(numbers);
}

std::string tensor_file(const std::string& name, ElementType type, std::vector<int64_t> shape,
                        const std::string& bytes) {
  SafetensorsHeader header;
  header.tensors.push_back({name, type, std::move(shape), 0, bytes.size()});
  return format_safetensors_header(header) + bytes;
}

std::string mistake(const std::vector<std::string>& lines, const std::string& root,
                    int64_t width = 0) {
  return user_error([&] {
    const auto items = open_features(names_of(lines, root), width);
    for (int64_t item = 0; item < items->size(); ++item) items->check(item);
  });
}

class Npy : public testing::TestWithParam<const char*> {};

TEST_P(Npy, IsReadAsNumPyWroteIt) {
  const auto items = open_features(names_of({GetParam()}, golden_path("")));
  EXPECT_EQ(items->shape(0), (ItemShape{3, 4}));
  const std::vector<float> expected = golden_json("features.json")["numbers"];
  EXPECT_THAT(numbers_of(*items, 0), Pointwise(FloatNear(1e-3F), expected));
}

INSTANTIATE_TEST_SUITE_P(Types, Npy,
                         testing::Values("float64.npy", "float32.npy", "float16.npy",
                                         "big_endian.npy"));

TEST(FeatureItems, KeepAGrid) {
  const auto items = open_features(names_of({"grid.npy"}, golden_path("")));
  EXPECT_EQ(items->shape(0), (ItemShape{6, 2, 3, 2}));
  const std::vector<float> expected = golden_json("features.json")["numbers"];
  EXPECT_THAT(numbers_of(*items, 0), Pointwise(FloatNear(1e-6F), expected));
}

/// Two columns, 0, 1, 4 and 5, 5, 5, prepared.
std::vector<float> prepared(const FeatureOptions& options) {
  const TemporaryDirectory directory;
  directory.write("a.safetensors",
                  tensor_file("x", ElementType::kFloat32, {3, 2}, floats({0, 5, 1, 5, 4, 5})));
  const auto items =
      prepare_features(open_features(names_of({"a.safetensors#x"}, directory.path(""))), options);
  EXPECT_EQ(items->shape(0), (ItemShape{3, options.deltas ? 6 : 2}));
  return numbers_of(*items, 0);
}

TEST(FeatureItems, HaveDifferencesBesideThem) {
  // d_t = (x_{t+1} - x_{t-1} + 2 (x_{t+2} - x_{t-2})) / 10, and the same of d.
  EXPECT_THAT(prepared({.deltas = true}),
              Pointwise(FloatNear(1e-6F), std::vector<float>{0, 5, 0.9F, 0, 0.07F, 0, 1, 5, 1.2F, 0,
                                                             0.06F, 0, 4, 5, 1.1F, 0, 0.03F, 0}));
}

TEST(FeatureItems, AreNormalized) {
  // Mean 5/3, variance 26/9.
  EXPECT_THAT(
      prepared({.normalize = FrameNormalization::kUtterance}),
      Pointwise(FloatNear(1e-4F), std::vector<float>{-0.98058F, 0, -0.39223F, 0, 1.37281F, 0}));
  EXPECT_THAT(prepared({.normalize = FrameNormalization::kUtterance, .deltas = true}),
              testing::Contains(FloatNear(1.37281F, 1e-4F)));
}

TEST(FeatureItems, OfGridsHaveNoDifferences) {
  EXPECT_THAT(user_error([] {
                prepare_features(open_features(names_of({"grid.npy"}, golden_path(""))),
                                 {.deltas = true});
              }),
              HasSubstr("data.features.deltas is true, but a source's items are grids"));
}

TEST(FeatureItems, ChangeTheirKeysWithTheOptions) {
  const auto key = [](const FeatureOptions& options) {
    const auto items =
        prepare_features(open_features(names_of({"grid.npy"}, golden_path(""))), options);
    return items->fingerprint() + ' ' + items->content_key(0);
  };
  EXPECT_NE(key({}), key({.normalize = FrameNormalization::kUtterance}));
}

TEST(FeatureItems, ComeFromTensorsByName) {
  const TemporaryDirectory directory;
  directory.write("a.safetensors", tensor_file("dog#1.jpg", ElementType::kFloat16, {2, 1},
                                               bytes_of_number(float_to_half(0.5F)) +
                                                   bytes_of_number(float_to_half(-2))));
  directory.write("b.safetensors", tensor_file("x", ElementType::kFloat32, {1, 1}, floats({7})));
  const auto items =
      open_features(names_of({"a.safetensors#dog#1.jpg", "b.safetensors#x"}, directory.path("")));
  EXPECT_THAT(numbers_of(*items, 0), ElementsAre(0.5F, -2.0F));
  EXPECT_THAT(numbers_of(*items, 1), ElementsAre(7.0F));
}

TEST(FeatureItems, ComeFromKaldi) {
  const TemporaryDirectory directory;
  directory.write(
      "f.ark", "utt1 " + kaldi_matrix(1, 2, {1, 2}) + "utt2 " + kaldi_matrix(2, 2, {3, 4, 5, 6}));
  const auto items = open_features(names_of({"f.ark:5", "f.ark:33"}, directory.path("")));
  EXPECT_THAT(numbers_of(*items, 0), ElementsAre(1, 2));
  EXPECT_THAT(numbers_of(*items, 1), ElementsAre(3, 4, 5, 6));
  EXPECT_THAT(mistake({"f.ark:6"}, directory.path("")),
              HasSubstr("items.txt:1: 'f.ark:6' has no matrix of numbers"));
  EXPECT_THAT(mistake({"f.ark:99"}, directory.path("")),
              HasSubstr("ends before the matrix that the name points to"));
}

TEST(FeatureItems, ComeFromSphinxInEitherByteOrder) {
  const TemporaryDirectory directory;
  std::vector<float> numbers;
  for (int i = 0; i < 26; ++i) numbers.push_back(static_cast<float>(i));
  directory.write("big.mfc", bytes_of_number<int32_t>(26, true) + floats(numbers, true));
  directory.write("little.mfc", bytes_of_number<int32_t>(26) + floats(numbers));
  const auto items = open_features(names_of({"big.mfc", "little.mfc"}, directory.path("")));
  EXPECT_EQ(items->shape(0), (ItemShape{2, 13}));
  EXPECT_EQ(numbers_of(*items, 0), numbers);
  EXPECT_EQ(numbers_of(*items, 1), numbers);
  EXPECT_EQ(open_features(names_of({"big.mfc"}, directory.path("")), 2)->shape(0),
            (ItemShape{13, 2}));
  EXPECT_THAT(mistake({"big.mfc"}, directory.path(""), 7),
              HasSubstr("has 26 numbers; expected vectors of 7"));
  directory.write("cut.mfc", bytes_of_number<int32_t>(26, true) + floats({1, 2}, true));
  EXPECT_THAT(mistake({"cut.mfc"}, directory.path("")), HasSubstr("truncated"));
  directory.write("none.mfc", bytes_of_number<int32_t>(0));
  EXPECT_THAT(mistake({"none.mfc"}, directory.path("")), HasSubstr("has no frames"));
}

TEST(FeatureItems, SayWhatIsWrongAndWhere) {
  const std::string golden = golden_path("");
  EXPECT_THAT(mistake({"grid.npy", "float32.npy"}, golden),
              "items.txt:2: 'float32.npy' has vectors of 4 numbers; expected 2 as the others");
  EXPECT_THAT(mistake({"grid.npy"}, golden, 3),
              "items.txt:1: 'grid.npy' has vectors of 2 numbers; expected 3");
  EXPECT_THAT(mistake({"fortran.npy"}, golden),
              "items.txt:1: 'fortran.npy' is in Fortran's order; expected C order");
  EXPECT_THAT(mistake({"integers.npy"}, golden), HasSubstr("numbers of type '<i8'"));
  EXPECT_THAT(mistake({"line.npy"}, golden), HasSubstr("has 1 dimensions"));
  EXPECT_THAT(mistake({"float32.npy", "none.npy"}, golden),
              HasSubstr("items.txt:2: 'none.npy' cannot be opened"));
  EXPECT_THAT(mistake({"colours.png"}, golden), HasSubstr("names no features; expected FILE.npy"));
  const TemporaryDirectory directory;
  directory.write("a.npy", "");
  EXPECT_EQ(mistake({"a.npy"}, directory.path("")), "items.txt:1: 'a.npy' is no .npy file");
  std::string bytes = golden_bytes("float32.npy");
  directory.write("cut.npy", bytes.substr(0, bytes.size() - 1));
  EXPECT_THAT(mistake({"cut.npy"}, directory.path("")), HasSubstr("'cut.npy' is truncated"));
}

TEST(FeatureItems, RefuseNumbersThatAreNotFinite) {
  const TemporaryDirectory directory;
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  directory.write("a.safetensors",
                  tensor_file("x", ElementType::kFloat32, {2, 1}, floats({1, nan})));
  EXPECT_EQ(mistake({"a.safetensors#x"}, directory.path("")),
            "items.txt:1: 'a.safetensors#x' holds a number that is not finite (NaN, infinite)");
  EXPECT_THAT(mistake({"a.safetensors#y"}, directory.path("")), HasSubstr("is not in that file"));
  directory.write("b.safetensors", tensor_file("x", ElementType::kUInt8, {1, 1}, "a"));
  EXPECT_THAT(mistake({"b.safetensors#x"}, directory.path("")), HasSubstr("holds whole numbers"));
  directory.write("c.safetensors", "damaged");
  EXPECT_THAT(mistake({"c.safetensors#x"}, directory.path("")),
              HasSubstr("items.txt:1: " + directory.path("c.safetensors") + ": is damaged"));
}

TEST(FeatureItems, NoticeAFileThatChanges) {
  const TemporaryDirectory directory;
  directory.write("a.npy", golden_bytes("float32.npy"));
  const auto items = open_features(names_of({"a.npy"}, directory.path("")));
  directory.write("a.npy", golden_bytes("grid.npy"));
  EXPECT_THAT(user_error([&] { items->check(0); }), HasSubstr("has changed"));
}

TEST(FeatureItems, AreKnownByTheirNamesAndShapes) {
  const auto mark = [](const std::vector<std::string>& lines) {
    return open_features(names_of(lines, golden_path("")))->fingerprint();
  };
  EXPECT_EQ(mark({"float32.npy", "float64.npy"}), mark({"float32.npy", "float64.npy"}));
  EXPECT_NE(mark({"float32.npy", "float64.npy"}), mark({"float64.npy", "float32.npy"}));
}

TEST(FeatureItems, AreOpenedToTheEndWhateverIsWrong) {
  const TemporaryDirectory directory;
  EXPECT_EQ(
      user_error([&] {
        open_features(
            names_of({"words.txt", golden_path("float32.npy"), "none.npy"}, directory.path("")));
      }),
      "items.txt:1: 'words.txt' names no features; expected FILE.npy, FILE.safetensors#TENSOR, "
      "FILE.ark:OFFSET or FILE.mfc\nitems.txt:3: 'none.npy' cannot be opened as " +
          directory.path("none.npy") + " (No such file or directory)");
}

TEST(CheckItems, TellsOfAllThatAreBroken) {
  const TemporaryDirectory directory;
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<std::string> lines;
  for (int i = 0; i < 50; ++i) {
    lines.push_back(std::to_string(i) + ".safetensors#x");
    directory.write(std::to_string(i) + ".safetensors",
                    tensor_file("x", ElementType::kFloat32, {1, 1}, floats({i < 25 ? 1 : nan})));
  }
  const auto items = open_features(names_of(lines, directory.path("")));
  const auto message = user_error([&] { check_items(*items, 3, "check"); });
  EXPECT_THAT(message, testing::StartsWith("items.txt:26: '25.safetensors#x' holds"));
  EXPECT_THAT(message, HasSubstr("\nitems.txt:45: "));
  EXPECT_THAT(message, testing::EndsWith("\nand 5 more items of 50"));
}

TEST(StoredFeatures, TellOfAFileThatIsCutWhileItIsUsed) {
  const TemporaryDirectory directory;
  // Several pages: what lies behind the end of the file's last one cannot be looked at.
  const auto path =
      directory.write("f.ark", "a " + kaldi_matrix(5000, 2, std::vector<float>(10'000, 1.0F)));
  const auto items = open_features(names_of({"f.ark:2"}, directory.path("")));
  std::vector<float> numbers(10'000);
  items->copy(0, numbers.data());
  std::filesystem::resize_file(path, 100);
  EXPECT_EQ(user_error([&] { items->copy(0, numbers.data()); }),
            "items.txt:1: " + path + ": has become shorter while it was used");
}

}  // namespace
}  // namespace weft
