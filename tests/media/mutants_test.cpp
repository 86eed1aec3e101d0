// Thousands of damaged files, for the sanitizers to watch. What is read of them does not matter,
// but whatever is wrong must be a UserError of one line.
#include <gmock/gmock.h>

#include <filesystem>
#include <random>

#include "base/temporary_directory.h"
#include "media/golden.h"
#include "media/open_items.h"
#include "media/sound_files.h"

namespace weft {
namespace {

/// Bytes changed, taken out, put in or cut off, mostly near the beginning, where headers are.
std::string mutant_of(std::string bytes, std::mt19937& generator) {
  const auto below = [&](std::size_t bound) {
    return generator() % std::max<std::size_t>(1, bound);
  };
  const auto changes = 1 + below(4);
  for (std::size_t i = 0; i < changes && !bytes.empty(); ++i) {
    const auto at = below(below(2) == 0 ? std::min<std::size_t>(bytes.size(), 64) : bytes.size());
    switch (below(6)) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.erase(at, 1 + below(8));
        break;
      case 2:
        bytes.insert(at, 1 + below(8), static_cast<char>(below(256)));
        break;
      case 3:
        bytes[at] = static_cast<char>(below(2) == 0 ? 0x7F : 0xFF);
        break;
      default:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
    }
  }
  return bytes;
}

template <class Open>
void try_mutants(const std::string& name, const std::string& bytes, int count, Open open) {
  SCOPED_TRACE(name);
  const TemporaryDirectory directory;
  std::mt19937 generator(11);
  int refused = 0;
  for (int i = 0; i < count; ++i) {
    std::filesystem::remove(directory.path(name));  // much faster than overwriting
    directory.write(name, mutant_of(bytes, generator));
    try {
      open(names_of({directory.path(name)}))->check(0);
    } catch (const UserError& error) {
      ++refused;
      const std::string message = error.what();
      ASSERT_EQ(message.find('\n'), std::string::npos) << message;
      ASSERT_THAT(message, testing::StartsWith("items.txt:1: "));
      ASSERT_LT(message.size(), 600U) << message;
    }
  }
  EXPECT_GT(refused, count / 20) << name;
}

TEST(Mutants, OfPicturesDoNoHarm) {
  for (const char* name :
       {"colours.jpg", "progressive.jpg", "inks.jpg", "turned6.jpg", "colours.png", "palette.png",
        "deep.png", "colours.webp", "alpha.webp", "colours.ppm", "text.pgm", "deep.pgm"}) {
    try_mutants(name, golden_bytes(name), 300, [](ItemNames names) {
      return open_pictures(std::move(names), {.height = 8, .width = 8});
    });
  }
}

TEST(Mutants, OfSoundDoNoHarm) {
  const std::string sound = wav(samples16(std::vector<int>(300, 1000)), 8000, 1, 16);
  try_mutants("a.wav", sound, 1500,
              [](ItemNames names) { return open_audio(std::move(names), {.sample_rate = 8000}); });
}

TEST(Mutants, OfFeaturesDoNoHarm) {
  for (const char* name : {"float16.npy", "float64.npy", "grid.npy"}) {
    try_mutants(name, golden_bytes(name), 700,
                [](ItemNames names) { return open_features(std::move(names)); });
  }
}

}  // namespace
}  // namespace weft
