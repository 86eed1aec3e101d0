#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "media/golden.h"
#include "media/open_items.h"
#include "media/picture.h"
#include "text/user_error.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

TEST(PictureItems, HaveTheirChannelsOneBehindTheOther) {
  const auto items =
      open_pictures(names_of({"colours.png"}, golden_path("")), {.height = 13, .width = 17});
  EXPECT_EQ(items->shape(0), (ItemShape{13 * 17, 3, 13, 17}));
  std::vector<uint8_t> planes(13 * 17 * 3);
  items->copy(0, planes.data());
  const Picture picture = decode_picture(golden_bytes("colours.png"));
  for (std::size_t i = 0; i < 13 * 17; ++i) {
    for (std::size_t k = 0; k < 3; ++k)
      ASSERT_EQ(planes[k * 13 * 17 + i], picture.pixels[i * 3 + k]);
  }
}

TEST(PictureItems, SayWhatIsWrongAndWhere) {
  const TemporaryDirectory directory;
  directory.write("cut.jpg", golden_bytes("colours.jpg").substr(0, 700));
  directory.write("small.ppm", "P6 1 1 255\nabc");
  const auto mistake = [&](const std::string& line) {
    return user_error([&] {
      open_pictures(names_of({golden_path("grey.png"), line}, directory.path("")), {})->check(1);
    });
  };
  EXPECT_THAT(mistake("cut.jpg"),
              HasSubstr("items.txt:2: 'cut.jpg' is a damaged or truncated JPEG picture"));
  EXPECT_THAT(mistake("small.ppm"), HasSubstr("items.txt:2: 'small.ppm' is 1 pixels wide"));
  EXPECT_THAT(mistake("none.png"), HasSubstr("items.txt:2: 'none.png' cannot be opened"));
  EXPECT_THAT(mistake("."), HasSubstr("is a directory"));
  EXPECT_THAT(mistake(golden_path("line.npy")), HasSubstr("is no picture"));
}

TEST(PictureItems, AreOpenedToTheEndWhateverIsWrong) {
  const TemporaryDirectory directory;
  directory.write("empty.png", "");
  const auto message = user_error([&] {
    open_pictures(names_of({"empty.png", golden_path("grey.png"), "none.png"}, directory.path("")),
                  {});
  });
  EXPECT_THAT(message, testing::StartsWith("items.txt:1: 'empty.png' is empty"));
  EXPECT_THAT(message, HasSubstr("\nitems.txt:3: 'none.png' cannot be opened"));
}

TEST(PictureItems, AreKnownByTheirOptionsToo) {
  const auto mark = [](const ImageOptions& options) {
    return open_pictures(names_of({"grey.png"}, golden_path("")), options)->fingerprint();
  };
  EXPECT_EQ(mark({}), mark({}));
  EXPECT_NE(mark({}), mark({.height = 100}));
}

}  // namespace
}  // namespace weft
