#include "media/attention_files.h"

#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "media/golden.h"
#include "media/picture.h"
#include "media/sound_files.h"
#include "text/user_error.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

const GridAttention kCorner{{"a", "dog"}, 2, 2, {1, 0, 0, 0, 0, 0, 0, 1}};

TEST(AttentionFiles, ShowThePictureOfTheLine) {
  const TemporaryDirectory directory;
  const SeenItems items{.root = golden_path("")};
  write_attention_files(directory.path(""), {7, "colours.png"}, items, kCorner);
  const Picture sheet = decode_picture(directory.read("00007.png"));
  EXPECT_EQ(sheet.width, 3 * (17 + 4) + 4);
  EXPECT_EQ(sheet.height, 13 + 8);
  EXPECT_GE(sheet.pixels[static_cast<std::size_t>((4 * sheet.width + 4 + 21) * 3)], 225);
  EXPECT_THAT(directory.read("00007.svg"), HasSubstr(">dog</text>"));
  EXPECT_THAT(directory.read("00007.html"), HasSubstr("<title>a dog</title>"));
}

TEST(AttentionFiles, ShowSoundAgainstTime) {
  const TemporaryDirectory directory;
  directory.write("a.wav", wav(samples16(std::vector<int>(8000, 500)), 8000, 1, 16));
  const SeenItems items{.kind = SourceKind::kAudio, .root = directory.path("")};
  write_attention_files(directory.path(""), {1, "a.wav"}, items, {{"one"}, 1, 3, {0, 1, 0}});
  EXPECT_THAT(directory.read("00001.svg"), HasSubstr(">0.9</text>"));
  EXPECT_GT(decode_picture(directory.read("00001.png")).height, 2 * 40);
}

TEST(AttentionFiles, ShowFeaturesAsGrey) {
  const TemporaryDirectory directory;
  write_attention_files(directory.path(""), {1, "x.npy"}, {.kind = SourceKind::kFeatures}, kCorner);
  EXPECT_EQ(decode_picture(directory.read("00001.png")).height, 32 + 8);
}

TEST(AttentionFiles, NeedTheirPictureAndTheirFolder) {
  const TemporaryDirectory directory;
  const SeenItems items{.root = golden_path("")};
  EXPECT_THAT(user_error([&] {
                write_attention_files(directory.path(""), {1, "none", {"in", 3}}, items, kCorner);
              }),
              testing::StartsWith("in:3: " + golden_path("none") + ": cannot be opened"));
  EXPECT_THAT(user_error([&] {
                write_attention_files(directory.path("x"), {1, "grey.png"}, items, kCorner);
              }),
              HasSubstr("00001.png: cannot be written"));
}

}  // namespace
}  // namespace weft
