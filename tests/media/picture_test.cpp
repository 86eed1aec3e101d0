// Pixels as Pillow sees them.
#include "media/picture.h"

#include <gmock/gmock.h>

#include "media/format_error.h"
#include "media/golden.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

std::string complaint(const std::string& file) {
  try {
    decode_picture(file);
  } catch (const FormatError& error) {
    return error.what();
  }
  return "nothing thrown";
}

TEST(Picture, HasThePixelsThatPillowSees) {
  const auto cases = golden_json("pictures.json");
  EXPECT_GE(cases.size(), 20U);
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected["file"]);
    const std::string file = golden_bytes(expected["file"]);
    const Picture picture = decode_picture(file);
    EXPECT_EQ(picture.height, expected["height"]);
    EXPECT_EQ(picture.width, expected["width"]);
    const std::vector<int> pixels = expected["pixels"];
    ASSERT_EQ(picture.pixels.size(), pixels.size());
    const int tolerance = expected["tolerance"];
    for (std::size_t i = 0; i < pixels.size(); ++i)
      ASSERT_NEAR(picture.pixels[i], pixels[i], tolerance) << "number " << i;
  }
}

TEST(Picture, TruncatedIsToldAtAnyLength) {
  for (const char* name : {"colours.jpg", "progressive.jpg", "inks.jpg", "colours.png",
                           "palette.png", "colours.webp", "colours.ppm", "deep.pgm"}) {
    const std::string file = golden_bytes(name);
    // What is missing of the last bytes may not matter: a chunk or a marker that ends the file.
    for (std::size_t size = 12; size + 24 < file.size(); size += 7)
      ASSERT_NE(complaint(file.substr(0, size)), "nothing thrown") << name << " at " << size;
  }
  EXPECT_THAT(complaint(golden_bytes("colours.jpg").substr(0, 700)),
              HasSubstr("is a damaged or truncated JPEG picture ("));
  EXPECT_THAT(complaint(golden_bytes("text.pgm").substr(0, 60)), HasSubstr("is a truncated PGM"));
}

TEST(Picture, IsKnownByItsBytes) {
  EXPECT_EQ(complaint(""), "is empty; expected a picture");
  for (const char* bytes : {"x", "<svg/>", "GIF89a", "P4 1 1 1", "RIFF", "RIFF1234WAVE"})
    EXPECT_EQ(complaint(bytes), "is no picture; expected JPEG, PNG, WebP, PGM or PPM") << bytes;
}

TEST(Picture, IsRefusedByTheSizeInItsHeader) {
  EXPECT_EQ(complaint("P5 1 1 255\nx"),
            "is 1 pixels wide and 1 high; expected 2 to 30,000, and at most 64 million in all");
  EXPECT_THAT(complaint("P5 40000 2 255\n"), HasSubstr("is 40000 pixels wide and 2 high"));
  EXPECT_THAT(complaint("P5 20000 20000 255\n"), HasSubstr("is 20000 pixels wide and 20000 high"));
  EXPECT_THAT(complaint("P5 99999999999999 2 255\n"), HasSubstr("pixels wide"));
  EXPECT_THAT(complaint(golden_bytes("bomb.png")),
              HasSubstr("is 20000 pixels wide and 20000 high"));
  EXPECT_THAT(complaint(golden_bytes("wide.png")), HasSubstr("is 40000 pixels wide and 2 high"));
  std::string jpeg = golden_bytes("colours.jpg");
  jpeg.replace(jpeg.find("\xFF\xC0") + 5, 4, "\xEA\x60\xEA\x60");
  EXPECT_THAT(complaint(jpeg), HasSubstr("is 60000 pixels wide and 60000 high"));
}

TEST(Picture, PnmMustKeepItsOwnLimits) {
  EXPECT_THAT(complaint("P2 2 2 10\n1 2 3 11"), HasSubstr("a value of 11, over the largest of 10"));
  EXPECT_THAT(complaint("P2 2 2 0\n0 0 0 0"), HasSubstr("has a largest value of 0"));
  EXPECT_THAT(complaint("P2 2 2 10\n1 2 x 4"), HasSubstr("expected a number"));
  EXPECT_EQ(complaint("P2 2 2 10\n1 2 3 10"), "nothing thrown");
}

}  // namespace
}  // namespace weft
