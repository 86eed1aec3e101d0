#include "plot/event_file.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace weft {
namespace {

/// The lowest bytes of a number, the lowest first.
std::string little_endian(std::uint64_t number, int bytes) {
  std::string text;
  for (int k = 0; k < bytes; ++k) text += static_cast<char>(number >> (8 * k) & 0xFF);
  return text;
}

/// CRC-32C (Castagnoli), whose polynomial 0x1EDC6F41 is reversed here.
std::uint32_t crc32c(std::string_view bytes) {
  static const auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t n = 0; n < table.size(); ++n) {
      std::uint32_t remainder = n;
      for (int bit = 0; bit < 8; ++bit)
        remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? 0x82F63B78U : 0);
      table.at(n) = remainder;
    }
    return table;
  }();
  std::uint32_t checksum = 0xFFFFFFFFU;
  for (const char byte : bytes)
    checksum = (checksum >> 8) ^ kTable.at((checksum ^ static_cast<unsigned char>(byte)) & 0xFF);
  return ~checksum;
}

/// As TFRecords have it, so that the checksum of bytes with checksums in them is none that is
/// likely.
std::string masked_checksum(std::string_view bytes) {
  return little_endian(std::rotr(crc32c(bytes), 15) + 0xA282EAD8U, 4);
}

std::string record(const std::string& data) {
  const auto length = little_endian(data.size(), 8);
  return length + masked_checksum(length) + data + masked_checksum(data);
}

// Protocol buffers: a field is its number and wire type (0 varint, 1 eight bytes, 2 a length and
// that many bytes, 5 four bytes), and its value.

std::string varint(std::uint64_t number) {
  std::string text;
  for (; number >= 0x80; number >>= 7) text += static_cast<char>((number & 0x7F) | 0x80);
  return text + static_cast<char>(number);
}

std::string tag(unsigned field, unsigned wire_type) { return varint(field << 3 | wire_type); }

std::string bytes_field(unsigned field, const std::string& bytes) {
  return tag(field, 2) + varint(bytes.size()) + bytes;
}

/// Event.wall_time.
std::string time_field(double seconds) {
  return tag(1, 1) + little_endian(std::bit_cast<std::uint64_t>(seconds), 8);
}

/// Event.summary: values of a tag and a simple_value each.
std::string summary_field(const MetricsEvent& event) {
  const std::string kind = event.validates ? "validation/" : "train/";
  std::string summary;
  for (const auto& [key, value] : event.values)
    summary += bytes_field(
        1, bytes_field(1, kind + key) + tag(2, 5) +
               little_endian(std::bit_cast<std::uint32_t>(static_cast<float>(value)), 4));
  return bytes_field(5, summary);
}

}  // namespace

std::string event_file(const MetricsLog& log, double begin) {
  std::string file = record(time_field(begin) + bytes_field(3, "brain.Event:2"));
  for (const auto& event : log.events) {
    const double seconds = std::isfinite(event.seconds) ? event.seconds : 0;
    const auto step = tag(2, 0) + varint(static_cast<std::uint64_t>(event.updates));
    file += record(time_field(begin + seconds) + step + summary_field(event));
  }
  return file;
}

}  // namespace weft
