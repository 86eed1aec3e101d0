// A picture of attention that lies on one place alone is white there, and nowhere else.

#include "app/attention_pictures.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <filesystem>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "base/temporary_directory.h"
#include "media/picture.h"
#include "media/sound_files.h"

namespace weft {
namespace {

/// Two words; the first looks at column `first` alone, the second at column `second`, of so many.
AlignmentMatrix one_hot(std::size_t columns, std::size_t first, std::size_t second) {
  AlignmentMatrix matrix;
  matrix.source.resize(columns);
  matrix.target = {{"one", {0, 3}}, {"two", {4, 7}}, {"</s>", {7, 7}, true}};
  matrix.weights.assign(3 * columns, 0.0F);
  matrix.weights[first] = matrix.weights[columns + second] = matrix.weights[2 * columns] = 1;
  return matrix;
}

/// That of an item over a grid, with one more column in no place.
AlignmentMatrix one_hot_grid(const std::string& item, std::size_t rows, std::size_t columns,
                             std::size_t first, std::size_t second) {
  auto matrix = one_hot(rows * columns + 1, first, second);
  matrix.item = item;
  matrix.grid_rows = rows;
  matrix.grid_columns = columns;
  return matrix;
}

/// A stretch of pixels, [left, right) x [top, bottom).
struct PixelBox {
  int64_t left = 0, top = 0, right = 0, bottom = 0;
};

int brightness(const Picture& picture, int64_t y, int64_t x) {
  const auto* pixel = picture.pixels.data() + (y * picture.width + x) * 3;
  return pixel[0] + pixel[1] + pixel[2];
}

/// The brightest pixel of a part of a picture, from its corner: the first of the equal ones.
std::pair<int64_t, int64_t> brightest(const Picture& picture, const PixelBox& box) {
  int64_t row = box.top, column = box.left;
  for (int64_t y = box.top; y < box.bottom; ++y) {
    for (int64_t x = box.left; x < box.right; ++x) {
      if (brightness(picture, y, x) > brightness(picture, row, column)) {
        row = y;
        column = x;
      }
    }
  }
  return {row - box.top, column - box.left};
}

AttentionPictures pictures_of(const TemporaryDirectory& directory, SourceKind kind,
                              int64_t sample_rate = 8000) {
  SourceVocabulary source;
  source.items.kind = kind;
  source.items.root = directory.path("");
  source.items.audio.sample_rate = sample_rate;
  return {directory.path("out"), source, std::nullopt};
}

TEST(AttentionPictures, AreWhiteWhereAPictureWasLookedAt) {
  const TemporaryDirectory directory;
  constexpr int64_t kHeight = 30, kWidth = 40, kGap = 4;
  directory.write("black.ppm", "P6\n40 30\n255\n" + std::string(kHeight * kWidth * 3, '\0'));
  pictures_of(directory, SourceKind::kImage).write(3, one_hot_grid("black.ppm", 3, 4, 6, 8));
  const Picture sheet = decode_picture(directory.read("out/00003.png"));
  ASSERT_EQ(sheet.width, 3 * (kWidth + kGap) + kGap) << "the picture and two words";
  const std::vector<std::pair<int64_t, int64_t>> cells = {{1, 2}, {2, 0}};  // 6 and 8 of 3 x 4
  for (int64_t word = 0; word < 2; ++word) {
    const int64_t left = kGap + (word + 1) * (kWidth + kGap);
    const PixelBox tile{left, kGap, left + kWidth, kGap + kHeight};
    const auto [row, column] = brightest(sheet, tile);
    EXPECT_EQ(std::pair(row / 10, column / 10), cells[static_cast<std::size_t>(word)]) << word;
    // Of 3 * 230: the cell's middle lies between four pixels.
    EXPECT_GE(brightness(sheet, tile.top + row, tile.left + column), 3 * 200);
    const int64_t far_row = 2 * row < kHeight ? kHeight - 1 : 0;
    const int64_t far_column = 2 * column < kWidth ? kWidth - 1 : 0;
    EXPECT_EQ(brightness(sheet, tile.top + far_row, tile.left + far_column), 0) << word;
  }
}

TEST(AttentionPictures, AreWhiteWhenSoundWasHeard) {
  const TemporaryDirectory directory;
  directory.write("a.wav", wav(samples16(std::vector<int>(8000, 0)), 8000, 1, 16));
  pictures_of(directory, SourceKind::kAudio).write(1, one_hot_grid("a.wav", 1, 4, 1, 3));
  const Picture sheet = decode_picture(directory.read("out/00001.png"));
  const int64_t gap = 4, width = sheet.width - 2 * gap, height = (sheet.height - gap) / 3 - gap;
  for (const int64_t word : {0, 1}) {
    const int64_t top = gap + (word + 1) * (height + gap);
    const auto column = brightest(sheet, {gap, top, gap + width, top + height}).second;
    EXPECT_EQ(column * 4 / width, word == 0 ? 1 : 3);
  }
}

TEST(AttentionPictures, AreDarkestWhereAWordWasReadOfText) {
  const TemporaryDirectory directory;
  auto matrix = one_hot(3, 2, 0);
  matrix.source = {{"eins", {0, 4}}, {"und", {5, 8}}, {"zwei", {9, 13}}};
  pictures_of(directory, SourceKind::kText).write(1, matrix);
  const std::string svg = directory.read("out/00001.svg");
  const std::regex cell(
      R"re(class="cell" fill-opacity="([0-9.]+)" data-row="(\d)" data-column="(\d)")re");
  std::vector<std::string> cells;
  for (std::sregex_iterator it(svg.begin(), svg.end(), cell), end; it != end; ++it)
    cells.push_back((*it)[2].str() + " to " + (*it)[3].str() + ": " + (*it)[1].str());
  EXPECT_THAT(cells, testing::ElementsAre("0 to 2: 1.00", "1 to 0: 1.00", "2 to 0: 1.00"));
}

TEST(AttentionPictures, OfNothingAreNone) {
  const TemporaryDirectory directory;
  pictures_of(directory, SourceKind::kText).write(1, {});
  EXPECT_FALSE(std::filesystem::exists(directory.path("out/00001.svg")));
}

}  // namespace
}  // namespace weft
