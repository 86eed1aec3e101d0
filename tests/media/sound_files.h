#pragma once
// Sound files, byte by byte.

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace weft {

template <class Number>
std::string little_endian(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

/// A WAV file; `format` 1: whole numbers, 3: floating point.
inline std::string wav(const std::string& data, int rate, int channels, int bits, int format = 1,
                       int64_t claimed_bytes = -1) {
  const auto size =
      static_cast<uint32_t>(claimed_bytes < 0 ? static_cast<int64_t>(data.size()) : claimed_bytes);
  const int frame = channels * bits / 8;
  return "RIFF" + little_endian<uint32_t>(36 + size) + "WAVEfmt " + little_endian<uint32_t>(16) +
         little_endian(static_cast<uint16_t>(format)) +
         little_endian(static_cast<uint16_t>(channels)) +
         little_endian(static_cast<uint32_t>(rate)) +
         little_endian(static_cast<uint32_t>(rate * frame)) +
         little_endian(static_cast<uint16_t>(frame)) + little_endian(static_cast<uint16_t>(bits)) +
         "data" + little_endian(size) + data;
}

inline std::string samples16(const std::vector<int>& samples) {
  std::string bytes;
  for (const int sample : samples) bytes += little_endian(static_cast<int16_t>(sample));
  return bytes;
}

}  // namespace weft
