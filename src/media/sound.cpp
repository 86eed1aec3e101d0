#include "media/sound.h"

#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sndfile.hh>
#include <stdexcept>
#include <string>
#include <utility>

#include "media/format_error.h"

namespace weft {
namespace {

SndfileHandle open_sound(const std::string& path) {
  SndfileHandle file(path);
  if (file.error() != SF_ERR_NO_ERROR)
    throw FormatError(std::string("is no sound that can be read (") + file.strError() + ")");
  return file;
}

/// libsndfile reads what there is of a data chunk that should be longer, and tells nobody but its
/// log. Programs that write into a pipe, though, give the largest length there is.
bool is_cut_short(SndfileHandle& file) {
  std::string log(16 * 1024, '\0');
  file.command(SFC_GET_LOG_INFO, log.data(), static_cast<int>(log.size()));
  const auto line = log.find("\ndata :");
  if (line == std::string::npos) return false;
  long long claimed = 0, found = 0;
  constexpr long long kOfAPipe = 0x7FFF0000;
  return std::sscanf(log.c_str() + line, "\ndata : %lld (should be %lld)", &claimed, &found) == 2 &&
         claimed < kOfAPipe && claimed > found;
}

std::string in_seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g s", seconds);
  return text;
}

SoundHeader header_of(SndfileHandle& file, double max_seconds) {
  const SoundHeader header{file.frames(), file.samplerate(), file.channels()};
  if (header.sample_rate < 1 || header.channels < 1)
    throw FormatError("has a damaged header: no sample rate or no channels");
  if (header.samples < 1) throw FormatError("has no samples");
  if (header.seconds() > max_seconds) {
    throw FormatError("lasts " + in_seconds(header.seconds()) + "; expected at most " +
                      in_seconds(max_seconds));
  }
  if (is_cut_short(file)) throw FormatError("is truncated: it is shorter than its header says");
  return header;
}

}  // namespace

SoundHeader read_sound_header(const std::string& path, double max_seconds) {
  SndfileHandle file = open_sound(path);
  return header_of(file, max_seconds);
}

Sound read_sound(const std::string& path, double max_seconds) {
  constexpr int64_t kBlock = 65536;
  SndfileHandle file = open_sound(path);
  const SoundHeader header = header_of(file, max_seconds);
  std::vector<float> mono, block(static_cast<std::size_t>(kBlock * header.channels));
  mono.reserve(static_cast<std::size_t>(header.samples));
  const auto channels = static_cast<std::size_t>(header.channels);
  bool finite = true;
  while (static_cast<int64_t>(mono.size()) < header.samples) {
    const int64_t wanted =
        std::min<int64_t>(kBlock, header.samples - static_cast<int64_t>(mono.size()));
    const auto got = static_cast<std::size_t>(file.readf(block.data(), wanted));
    if (got == 0) throw FormatError("is truncated: it ends before its header says");
    for (std::size_t i = 0; i < got; ++i) {
      float sum = 0;
      for (std::size_t k = 0; k < channels; ++k) sum += block[i * channels + k];
      mono.push_back(sum / static_cast<float>(channels));
      finite = finite && std::isfinite(mono.back());
    }
  }
  if (!finite) throw FormatError("has samples that are not finite (NaN, infinite)");
  return {std::move(mono), header.sample_rate};
}

int64_t resampled_size(int64_t samples, int64_t from_hz, int64_t to_hz) {
  return std::max<int64_t>(1, (samples * to_hz + from_hz / 2) / from_hz);
}

std::vector<float> resample(std::vector<float> samples, int64_t from_hz, int64_t to_hz) {
  if (from_hz == to_hz) return samples;
  const auto count = static_cast<std::size_t>(
      resampled_size(static_cast<int64_t>(samples.size()), from_hz, to_hz));
  std::vector<float> out(count);
  std::size_t written = 0;
  const soxr_error_t error =
      soxr_oneshot(static_cast<double>(from_hz), static_cast<double>(to_hz), 1, samples.data(),
                   samples.size(), nullptr, out.data(), count, &written, nullptr, nullptr, nullptr);
  if (error != nullptr) throw std::runtime_error(std::string("soxr: ") + soxr_strerror(error));
  return out;
}

}  // namespace weft
