#include "media/sound.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <sndfile.hh>

#include "base/temporary_directory.h"
#include "media/format_error.h"
#include "media/sound_files.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<float> sine(double hz, int rate, int count) {
  std::vector<float> samples;
  for (int i = 0; i < count; ++i)
    samples.push_back(static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * hz * i / rate)));
  return samples;
}

class SoundTest : public testing::Test {
 protected:
  std::vector<float> read(const std::string& bytes) {
    return read_sound(directory_.write("a.wav", bytes), 10).samples;
  }
  std::string complaint(const std::string& bytes) {
    try {
      read(bytes);
    } catch (const FormatError& error) {
      return error.what();
    }
    return "nothing thrown";
  }
  TemporaryDirectory directory_;
};

TEST_F(SoundTest, HasSamplesUpToOne) {
  EXPECT_THAT(read(wav(samples16({0, 16384, -32768}), 8000, 1, 16)), ElementsAre(0, 0.5F, -1));
  EXPECT_THAT(read(wav("\x80\xC0\x01", 8000, 1, 8)), ElementsAre(0, 0.5F, -127 / 128.0F));
  EXPECT_THAT(read(wav(little_endian(0.25F), 8000, 1, 32, 3)), ElementsAre(0.25F));
}

TEST_F(SoundTest, OfSeveralChannelsIsTheirMean) {
  EXPECT_THAT(read(wav(samples16({16384, 0, -16384, 16384}), 8000, 2, 16)), ElementsAre(0.25F, 0));
}

TEST_F(SoundTest, OfOtherFormatsIsTheSame) {
  const auto samples = sine(440, 8000, 4000);
  for (const int format : {SF_FORMAT_FLAC | SF_FORMAT_PCM_16, SF_FORMAT_OGG | SF_FORMAT_VORBIS,
                           SF_FORMAT_AIFF | SF_FORMAT_PCM_16}) {
    SndfileHandle(directory_.path("b"), SFM_WRITE, format, 1, 8000).write(samples.data(), 4000);
    const Sound sound = read_sound(directory_.path("b"), 10);
    EXPECT_EQ(sound.sample_rate, 8000);
    ASSERT_EQ(sound.samples.size(), 4000U);
    for (std::size_t i = 100; i < 3900; ++i)
      ASSERT_NEAR(sound.samples[i], samples[i], 0.05) << format << ' ' << i;
  }
}

TEST_F(SoundTest, SaysWhatIsWrong) {
  EXPECT_EQ(complaint(wav("", 8000, 1, 16)), "has no samples");
  EXPECT_THAT(complaint("no sound at all, but text"), HasSubstr("is no sound that can be read ("));
  EXPECT_THAT(complaint(""), HasSubstr("is no sound that can be read"));
  EXPECT_EQ(complaint(wav(std::string(11 * 8000, '\x80'), 8000, 1, 8)),
            "lasts 11 s; expected at most 10 s");
  EXPECT_EQ(complaint(wav(little_endian(std::nanf("")), 8000, 1, 32, 3)),
            "has samples that are not finite (NaN, infinite)");
  EXPECT_EQ(complaint(wav(samples16({1, 2, 3}), 8000, 1, 16, 1, 600)),
            "is truncated: it is shorter than its header says");
}

TEST_F(SoundTest, OfAPipeMayHaveTheLargestLength) {
  EXPECT_EQ(read(wav(samples16({1, 2, 3}), 8000, 1, 16, 1, 0x7FFFFFFF)).size(), 3U);
}

TEST(Resample, KeepsATone) {
  for (const int rate : {8000, 22050, 44100}) {
    const int count = rate / 2;
    const auto samples = resample(sine(440, rate, count), rate, 16000);
    ASSERT_EQ(samples.size(), 8000U);
    const auto expected = sine(440, 16000, 8000);
    for (std::size_t i = 400; i < 7600; ++i) ASSERT_NEAR(samples[i], expected[i], 1e-3) << rate;
  }
}

TEST(Resample, LosesWhatTheRateCannotHold) {
  const auto samples = resample(sine(6000, 44100, 44100), 44100, 8000);
  for (std::size_t i = 200; i + 200 < samples.size(); ++i) ASSERT_NEAR(samples[i], 0, 1e-3);
}

TEST(Resample, LeavesTheSameRateAlone) {
  const auto samples = sine(440, 8000, 77);
  EXPECT_EQ(resample(samples, 8000, 8000), samples);
}

}  // namespace
}  // namespace weft
