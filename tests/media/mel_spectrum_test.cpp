#include "media/mel_spectrum.h"

#include <gmock/gmock.h>

#include "media/golden.h"
#include "text/user_error.h"

namespace weft {
namespace {

TEST(MelSpectrum, IsTorchaudios) {
  const auto golden = golden_json("mels.json");
  std::vector<float> samples;
  for (const int sample : golden["samples"])
    samples.push_back(static_cast<float>(sample) / 32768.0F);
  for (const auto& expected : golden["cases"]) {
    AudioOptions options{.sample_rate = golden["sample_rate"]};
    options.window = expected["window"];
    options.hop = expected["hop"];
    options.mels = expected["mels"];
    options.low_hz = expected["low_hz"];
    options.high_hz = expected["high_hz"];
    options.deltas = expected["deltas"];
    options.normalize =
        expected["normalize"] ? FrameNormalization::kUtterance : FrameNormalization::kNone;
    SCOPED_TRACE(options.mels);
    const MelSpectrum spectrum(options);
    const int64_t frames = spectrum.frames(static_cast<int64_t>(samples.size()));
    ASSERT_EQ(frames, expected["frames"]);
    std::vector<float> vectors(static_cast<std::size_t>(frames * spectrum.width()));
    spectrum.compute(samples, vectors.data());
    const std::vector<float> wanted = expected["vectors"];
    ASSERT_EQ(vectors.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      ASSERT_NEAR(vectors[i], wanted[i], 2e-3) << "number " << i;
  }
}

TEST(MelSpectrum, ReachesTheLastSample) {
  const MelSpectrum spectrum({.sample_rate = 8000});  // windows of 200 every 80
  EXPECT_EQ(spectrum.frames(1), 1);
  EXPECT_EQ(spectrum.frames(200), 1);
  EXPECT_EQ(spectrum.frames(201), 2);
  EXPECT_EQ(spectrum.frames(280), 2);
  EXPECT_EQ(spectrum.frames(281), 3);
}

TEST(MelSpectrum, OfSilenceIsZeros) {
  const MelSpectrum spectrum({});
  std::vector<float> vectors(static_cast<std::size_t>(spectrum.frames(1000) * 40), 7.0F);
  spectrum.compute(std::vector<float>(1000), vectors.data());
  EXPECT_THAT(vectors, testing::Each(0.0F));
}

TEST(MelSpectrum, RefusesFiltersThatCannotBe) {
  using ::testing::HasSubstr;
  EXPECT_THAT(user_error([] { MelSpectrum({.sample_rate = 8000, .high_hz = 5000}); }),
              HasSubstr("end at most at 4000 Hz"));
  EXPECT_THAT(user_error([] { MelSpectrum({.low_hz = 300, .high_hz = 200}); }),
              HasSubstr("mel filters from 300 to 200 Hz"));
  EXPECT_THAT(user_error([] { MelSpectrum({.mels = 300}); }), HasSubstr("are too many"));
}

}  // namespace
}  // namespace weft
