#include "media/attention_picture.h"

#include <gmock/gmock.h>

#include <regex>
#include <stdexcept>

#include "media/golden.h"
#include "media/picture_writer.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

Picture plain_picture(int64_t height, int64_t width, uint8_t value) {
  return {height, width, 3,
          std::vector<uint8_t>(static_cast<std::size_t>(height * width * 3), value)};
}

int at(const Picture& picture, int64_t y, int64_t x) {
  return picture.pixels[static_cast<std::size_t>((y * picture.width + x) * picture.channels)];
}

/// Two words over 3 x 4 cells, each with all its weight in one.
GridAttention one_hot() {
  GridAttention attention{{"first", "second"}, 3, 4, std::vector<float>(24)};
  attention.weights[1 * 4 + 2] = 0.3F;
  attention.weights[12 + 2 * 4 + 0] = 0.9F;
  return attention;
}

TEST(AttentionTile, IsWhiteWhereTheWeightIs) {
  const Picture tile = attention_tile(plain_picture(60, 80, 200), one_hot(), 0);
  // The cell is rows 20 to 40 and columns 40 to 60.
  EXPECT_GE(at(tile, 30, 50), 225);
  EXPECT_EQ(at(tile, 5, 5), 80);  // 40 per cent of 200
  EXPECT_EQ(at(tile, 50, 70), 80);
  EXPECT_GT(at(tile, 20, 50), 130);  // halfway to the cell above
  EXPECT_LT(at(tile, 20, 50), 180);
  EXPECT_GE(at(attention_tile(plain_picture(60, 80, 0), one_hot(), 1), 55, 3), 230);
}

TEST(AttentionLight, LiesBetweenTheCells) {
  const GridAttention attention{{"a"}, 1, 2, {1, 0.5F}};
  const Picture light = attention_light(attention, 0, 1, 8);
  // Middles of the cells at 2 and 6; outside of them nothing changes any more.
  const std::vector<int> expected = {255, 255, 239, 207, 175, 143, 128, 128};
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(light.pixels[i], expected[i], 1) << i;
}

TEST(AttentionSheet, HasThePictureFirstAndATileForEachWord) {
  const Picture sheet = attention_sheet(plain_picture(60, 80, 200), one_hot(), 2);
  EXPECT_EQ(sheet.width, 2 * 84 + 4);
  EXPECT_EQ(sheet.height, 2 * 64 + 4);
  EXPECT_EQ(at(sheet, 4 + 5, 4 + 5), 200);         // the picture
  EXPECT_GE(at(sheet, 4 + 30, 4 + 84 + 50), 225);  // the first word
  EXPECT_EQ(at(sheet, 4 + 5, 4 + 84 + 5), 80);
  EXPECT_GE(at(sheet, 4 + 64 + 55, 4 + 3), 230);        // the second
  EXPECT_EQ(at(sheet, 4 + 64 + 30, 4 + 84 + 30), 255);  // nothing
  const Picture read = decode_picture(encode_png(sheet));
  EXPECT_EQ(read.pixels, sheet.pixels);
}

TEST(AttentionSheet, TakesOnlyGrids) {
  EXPECT_THROW(attention_sheet(plain_picture(4, 4, 0), {{"a"}, 2, 2, {1}}), std::invalid_argument);
}

/// The bytes of every data URI of a type.
std::vector<std::string> embedded(const std::string& text, const std::string& type) {
  static const std::string kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::string> files;
  const std::string begin = "data:" + type + ";base64,";
  for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at)) {
    at += begin.size();
    std::string bytes;
    uint32_t buffer = 0;
    int bits = 0;
    for (; text[at] != '"' && text[at] != '='; ++at) {
      buffer = buffer << 6 | static_cast<uint32_t>(kDigits.find(text[at]));
      bits += 6;
      if (bits >= 8) bytes += static_cast<char>(buffer >> (bits -= 8) & 0xFFU);
    }
    files.push_back(bytes);
  }
  return files;
}

TEST(AttentionSvg, HasThePictureOnceAndALightForEachWord) {
  const std::string svg = attention_svg(plain_picture(60, 80, 200), one_hot());
  EXPECT_THAT(svg, HasSubstr(">first</text>"));
  const auto pictures = embedded(svg, "image/png");
  ASSERT_EQ(pictures.size(), 3U);
  EXPECT_EQ(decode_picture(pictures[0]).pixels, plain_picture(60, 80, 200).pixels);
  // White, and opaque at the weight alone: over white (as pictures are read) it is white all over.
  EXPECT_EQ(decode_picture(pictures[1]).width, 16);
  EXPECT_THAT(decode_picture(pictures[1]).pixels, testing::Each(255));
}

TEST(AttentionSvg, HasPhotographsAsJpeg) {
  Picture noise = plain_picture(60, 80, 0);
  uint32_t state = 1;
  for (auto& value : noise.pixels)
    value = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  const auto pictures = embedded(attention_svg(noise, one_hot()), "image/jpeg");
  ASSERT_EQ(pictures.size(), 1U);
  EXPECT_EQ(decode_picture(pictures[0]).width, 80);
}

TEST(AttentionPage, HasNothingFromElsewhere) {
  GridAttention attention = one_hot();
  attention.words[0] = "<script>";
  const std::string page = attention_page("a & b", plain_picture(60, 80, 200), attention,
                                          attention_svg(plain_picture(60, 80, 200), attention));
  EXPECT_THAT(page, HasSubstr("<title>a &amp; b</title>"));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, testing::Not(HasSubstr("<script")));
  const std::regex elsewhere("(src|href)=\"(?!data:|#)|https?://(?!www.w3.org/2000/svg)");
  EXPECT_FALSE(std::regex_search(page, elsewhere));
}

TEST(SpectrumPicture, HasHighSoundsAtTheTop) {
  const float vectors[] = {0, 1, 2, 3, 4, 5};  // 3 frames of 2
  const Picture picture = spectrum_picture(vectors, 3, 2);
  EXPECT_THAT(picture.pixels, testing::ElementsAre(51, 153, 255, 0, 102, 204));
}

TEST(SoundSvg, HasATimeAxis) {
  const GridAttention attention{{"one", "two"}, 1, 4, {1, 0, 0, 0, 0, 0, 0.5F, 0}};
  const float vectors[] = {0, 1, 2, 3, 4, 5, 6, 7};
  const std::string svg = sound_attention_svg(spectrum_picture(vectors, 4, 2), attention, 1.7);
  EXPECT_THAT(svg, HasSubstr(">0 s</text>"));
  EXPECT_THAT(svg, HasSubstr(">0.2</text>"));
  EXPECT_THAT(svg, HasSubstr(">1.6</text>"));
  const auto pictures = embedded(svg, "image/png");
  ASSERT_EQ(pictures.size(), 2U);
  const Picture matrix = decode_picture(pictures[1]);
  EXPECT_EQ(at(matrix, 3, 0), 255);
  EXPECT_EQ(at(matrix, 12, 2), 255);
  EXPECT_EQ(at(matrix, 12, 1), 0);
}

TEST(ShownPicture, KeepsProportionsOfWhatIsStretched) {
  const Picture wide = plain_picture(100, 640, 9);
  EXPECT_EQ(shown_picture(wide, {}).width, 320);
  EXPECT_EQ(shown_picture(wide, {}).height, 50);
  const Picture cropped = shown_picture(wide, {.resize = ImageResize::kCrop});
  EXPECT_EQ(cropped.width, cropped.height);
}

}  // namespace
}  // namespace weft
