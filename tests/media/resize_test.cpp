#include "media/resize.h"

#include <gmock/gmock.h>

#include "media/golden.h"

namespace weft {
namespace {

Picture golden_picture(const nlohmann::json& golden) {
  return {golden["height"], golden["width"], 3, golden["pixels"]};
}

TEST(Resize, IsPillowsToTheBit) {
  const auto golden = golden_json("resized.json");
  const Picture picture = golden_picture(golden);
  for (const auto& expected : golden["cases"]) {
    SCOPED_TRACE(expected["box"].dump());
    const std::vector<double> box = expected["box"];
    const Picture resized =
        resize(picture, {box[0], box[1], box[2], box[3]}, expected["height"], expected["width"]);
    EXPECT_EQ(resized.pixels, expected["pixels"].get<std::vector<uint8_t>>());
  }
}

TEST(Resize, GreyIsPillowsToo) {
  const auto golden = golden_json("resized.json");
  EXPECT_EQ(to_grey(golden_picture(golden)).pixels, golden["grey"].get<std::vector<uint8_t>>());
}

/// Rows of one number each.
Picture striped(int64_t height, int64_t width) {
  Picture picture{height, width, 3, {}};
  for (int64_t i = 0; i < height * width * 3; ++i)
    picture.pixels.push_back(static_cast<uint8_t>(100 + i / (width * 3)));
  return picture;
}

TEST(FitPicture, PutsBlackAtTwoSides) {
  const Picture fitted =
      fit_picture(striped(4, 8), {.height = 8, .width = 8, .resize = ImageResize::kFit});
  for (int64_t y = 0; y < 8; ++y) {
    for (int64_t i = 0; i < 24; ++i) {
      const int expected = y < 2 || y >= 6 ? 0 : static_cast<int>(100 + y - 2);
      ASSERT_EQ(fitted.pixels[static_cast<std::size_t>(y * 24 + i)], expected) << y;
    }
  }
}

TEST(FitPicture, CropsTheMiddle) {
  const Picture cropped = fit_picture(
      striped(8, 4), {.height = 4, .width = 4, .channels = 1, .resize = ImageResize::kCrop});
  EXPECT_EQ(cropped.channels, 1);
  EXPECT_THAT(cropped.pixels, testing::ElementsAre(102, 102, 102, 102, 103, 103, 103, 103, 104, 104,
                                                   104, 104, 105, 105, 105, 105));
}

TEST(FitPicture, LeavesAtLeastOnePixelOfAThinPicture) {
  const Picture fitted =
      fit_picture(striped(1000, 2), {.height = 8, .width = 8, .resize = ImageResize::kFit});
  EXPECT_EQ(fitted.pixels.size(), 8U * 8 * 3);
  EXPECT_GT(fitted.pixels[3 * 3], 0);
}

}  // namespace
}  // namespace weft
