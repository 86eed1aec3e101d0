#include <gmock/gmock.h>

#include "base/temporary_directory.h"
#include "media/golden.h"
#include "media/open_items.h"
#include "media/sound_files.h"
#include "text/user_error.h"

namespace weft {
namespace {

using ::testing::HasSubstr;

TEST(AudioItems, HaveTheFramesThatWereTold) {
  const TemporaryDirectory directory;
  directory.write("a.wav", wav(samples16(std::vector<int>(4000, 5)), 8000, 1, 16));
  directory.write("b.wav", wav(samples16(std::vector<int>(44100, 5)), 44100, 2, 16));
  const auto items = open_audio(names_of({"a.wav", "b.wav"}, directory.path("")), {});
  EXPECT_EQ(items->shape(0), (ItemShape{49, 40}));  // half a second: 1 + (8000 - 400) / 160, up
  EXPECT_EQ(items->shape(1), (ItemShape{49, 40}));
  items->check(0);
  items->check(1);
}

TEST(AudioItems, SayWhatIsWrongAndWhere) {
  const TemporaryDirectory directory;
  const std::string good = wav(samples16(std::vector<int>(4000, 5)), 8000, 1, 16);
  directory.write("a.wav", good);
  directory.write("empty.wav", wav("", 8000, 1, 16));
  const auto mistake = [&](const std::string& line) {
    return user_error([&] { open_audio(names_of({"a.wav", line}, directory.path("")), {}); });
  };
  EXPECT_EQ(mistake("empty.wav"), "items.txt:2: 'empty.wav' has no samples");
  EXPECT_THAT(mistake("none.wav"), HasSubstr("items.txt:2: 'none.wav' cannot be opened"));
  EXPECT_THAT(mistake("."), HasSubstr("is a directory"));
  EXPECT_THAT(mistake(golden_path("grey.png")), HasSubstr("is no sound that can be read"));
  EXPECT_THAT(mistake("-"), HasSubstr("'-' cannot be opened"));
  EXPECT_EQ(user_error([&] {
              open_audio(
                  names_of({"empty.wav", "a.wav", golden_path("grey.png")}, directory.path("")),
                  {});
            }).find("items.txt:3: "),
            std::string("items.txt:1: 'empty.wav' has no samples\n").size());
  const auto items = open_audio(names_of({"a.wav"}, directory.path("")), {});
  directory.write("a.wav", wav(samples16({1}), 8000, 1, 16));
  EXPECT_THAT(user_error([&] { items->check(0); }), HasSubstr("has changed"));
}

TEST(AudioItems, AreKnownByTheirOptionsToo) {
  const TemporaryDirectory directory;
  directory.write("a.wav", wav(samples16({1, 2}), 8000, 1, 16));
  const auto mark = [&](const AudioOptions& options) {
    return open_audio(names_of({"a.wav"}, directory.path("")), options)->fingerprint();
  };
  EXPECT_EQ(mark({}), mark({}));
  EXPECT_NE(mark({}), mark({.mels = 20}));
}

}  // namespace
}  // namespace weft
