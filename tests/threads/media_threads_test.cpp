// Items that several threads read at once, and a cache that several fill.
#include <gmock/gmock.h>

#include <thread>

#include "base/temporary_directory.h"
#include "media/feature_cache.h"
#include "media/golden.h"
#include "media/open_items.h"
#include "media/sound_files.h"

namespace weft {
namespace {

constexpr int kThreads = 4;

template <class Work>
void run_in_threads(Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
  for (auto& thread : threads) thread.join();
}

TEST(MediaThreads, ReadFeaturesAlike) {
  const auto items = open_features(names_of({"float16.npy", "float64.npy"}, golden_path("")));
  const auto expected = numbers_of(*items, 0);
  run_in_threads([&] {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(numbers_of(*items, 0), expected);
  });
}

#ifdef WEFT_MEDIA
TEST(MediaThreads, ReadPicturesAlike) {
  const auto items =
      open_pictures(names_of({"colours.jpg", "alpha.png", "colours.webp"}, golden_path("")),
                    {.height = 16, .width = 16});
  const auto read = [&](int64_t item) {
    std::vector<uint8_t> pixels(16 * 16 * 3);
    items->copy(item, pixels.data());
    return pixels;
  };
  const std::vector<std::vector<uint8_t>> expected = {read(0), read(1), read(2)};
  run_in_threads([&] {
    for (int64_t i = 0; i < 30; ++i)
      EXPECT_EQ(read(i % 3), expected[static_cast<std::size_t>(i % 3)]);
  });
}

TEST(MediaThreads, FillACache) {
  const TemporaryDirectory directory;
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) {
    names.push_back(std::to_string(i) + ".wav");
    directory.write(
        names.back(),
        wav(samples16(std::vector<int>(static_cast<std::size_t>(400 + 100 * i), i)), 11025, 1, 16));
  }
  const auto items = open_audio(names_of(names, directory.path("")), {});
  const auto cached = through_cache(
      *items, std::make_unique<FeatureCache>(directory.path("cache"), "o"), kThreads, "features");
  run_in_threads([&] {
    for (int64_t item = 0; item < cached->size(); ++item) {
      const auto exact = numbers_of(*items, item);
      EXPECT_THAT(numbers_of(*cached, item), testing::Pointwise(testing::FloatNear(0.01F), exact));
    }
  });
}
#endif

}  // namespace
}  // namespace weft
