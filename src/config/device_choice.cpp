#include "config/device_choice.h"

#include <charconv>
#include <cstdint>

namespace weft {
namespace {

constexpr const char* kCuda = "cuda";

}  // namespace

bool parse_device(const std::string& text, DeviceChoice& device) {
  using Kind = DeviceChoice::Kind;
  for (const auto& plain : {DeviceChoice{Kind::kAuto}, {Kind::kCpu}}) {
    if (text != format_device(plain)) continue;
    device = plain;
    return true;
  }
  const std::string prefix = std::string(kCuda) + ":";
  const bool numbered = text.starts_with(prefix);
  if (!numbered && text != kCuda) return false;
  int64_t index = 0;
  if (numbered) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + prefix.size(), end, index);
    if (error != std::errc() || stop != end || index < 0) return false;
  }
  device = {Kind::kCuda, index};
  return true;
}

std::string format_device(const DeviceChoice& device) {
  switch (device.kind) {
    case DeviceChoice::Kind::kAuto:
      return "auto";
    case DeviceChoice::Kind::kCpu:
      return "cpu";
    case DeviceChoice::Kind::kCuda:
      break;
  }
  return std::string(kCuda) + ":" + std::to_string(device.index);
}

}  // namespace weft
