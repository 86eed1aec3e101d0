#pragma once
// Sound from files, which are not trusted.

#include <cstdint>
#include <string>
#include <vector>

namespace weft {

/// What a file says of itself.
struct SoundHeader {
  int64_t samples = 0;  ///< of each channel
  int64_t sample_rate = 0;
  int64_t channels = 0;
  double seconds() const { return static_cast<double>(samples) / static_cast<double>(sample_rate); }
};

struct Sound {
  std::vector<float> samples;  ///< one channel, -1 ... 1
  int64_t sample_rate = 0;
};

/// Reads only the header. Throws FormatError if the file is no sound, has no samples, or lasts
/// longer than `max_seconds`.
SoundHeader read_sound_header(const std::string& path, double max_seconds);

/// The mean of all channels. Throws FormatError, also if the file ends before its header
/// says, or has samples that are not finite.
Sound read_sound(const std::string& path, double max_seconds);

/// How many samples resample() makes.
int64_t resampled_size(int64_t samples, int64_t from_hz, int64_t to_hz);

/// The same sound at another rate, without what is beyond half the new rate.
std::vector<float> resample(std::vector<float> samples, int64_t from_hz, int64_t to_hz);

}  // namespace weft
