// Thousands of damaged files, for the sanitizers to watch. What is read of them does not matter,
// but whatever is wrong must be a UserError of one line.
#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <random>
#include <sndfile.hh>

#include "base/safetensors_header.h"
#include "base/temporary_directory.h"
#include "media/golden.h"
#include "media/open_items.h"
#include "media/sound_files.h"

// LeakSanitizer asks for this; without it nobody does. libsndfile forgets to give back what
// libvorbis had begun to read of a damaged Ogg file.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libvorbis.so\n"; }

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
    const std::string file = name.substr(0, name.find_first_of(":#"));
    std::filesystem::remove(directory.path(file));  // much faster than overwriting
    directory.write(file, mutant_of(bytes, generator));
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

/// A tenth of a second of a tone, as libsndfile writes it.
std::string sound_file(int format) {
  const TemporaryDirectory directory;
  std::vector<float> samples;
  for (int i = 0; i < 800; ++i) samples.push_back(0.5F * std::sin(0.3F * static_cast<float>(i)));
  SndfileHandle(directory.path("a"), SFM_WRITE, format, 1, 8000).write(samples.data(), 800);
  return directory.read("a");
}

TEST(Mutants, OfSoundDoNoHarm) {
  const std::string wave = wav(samples16(std::vector<int>(300, 1000)), 8000, 1, 16);
  for (const auto& [bytes, count] : {std::pair{wave, 1000},
                                     {sound_file(SF_FORMAT_FLAC | SF_FORMAT_PCM_16), 500},
                                     {sound_file(SF_FORMAT_OGG | SF_FORMAT_VORBIS), 300},
                                     {sound_file(SF_FORMAT_AIFF | SF_FORMAT_PCM_16), 300}}) {
    try_mutants("a.wav", bytes, count, [](ItemNames names) {
      return open_audio(std::move(names), {.sample_rate = 8000});
    });
  }
}

TEST(Mutants, OfFeaturesDoNoHarm) {
  const auto open = [](ItemNames names) { return open_features(std::move(names)); };
  for (const char* name : {"float16.npy", "float64.npy", "grid.npy"})
    try_mutants(name, golden_bytes(name), 700, open);
  const std::string zeros(26 * 4, '\0');
  try_mutants("a.mfc", little_endian<int32_t>(26) + zeros, 500, open);
  try_mutants("a.ark:0",
              std::string("\0BFM \4", 6) + little_endian<int32_t>(2) + '\4' +
                  little_endian<int32_t>(13) + zeros,
              500, open);
  SafetensorsHeader header;
  header.tensors.push_back({"x", ElementType::kFloat32, {2, 13}, 0, zeros.size()});
  try_mutants("a.safetensors#x", format_safetensors_header(header) + zeros, 700, open);
}

}  // namespace
}  // namespace weft
