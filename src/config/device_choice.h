#pragma once
// Text form of a DeviceChoice: auto, cpu, cuda:0.

#include <string>

#include "config/training_options.h"

namespace weft {

/// What a choice looks like, for error messages and help.
inline constexpr const char* kDeviceForm = "auto, cpu or cuda:N";

/// Reads "auto", "cpu", "cuda:3", or "cuda" for "cuda:0". Returns false, and leaves `device` alone,
/// on anything else.
bool parse_device(const std::string& text, DeviceChoice& device);

/// The form parse_device reads back to the same choice.
std::string format_device(const DeviceChoice& device);

}  // namespace weft
