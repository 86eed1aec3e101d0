#pragma once
// Whose tensors blocks compute with: LibTorch's, or Weft's own (src/tensor, compiled by src/alone).

#include <string>
#include <vector>

#include "config/training_options.h"

namespace weft {

struct Config;

/// "" where blocks are compiled without it.
std::string libtorch_version();

/// Thrown by what is compiled without LibTorch where it must not do what is asked.
struct NeedsLibTorch {};

/// Why these models are searched with LibTorch on this device: pictures, a GPU, or WEFT_LIBTORCH=1
/// in the environment; "" where they need not be. Called before anything but configs is read:
/// throws NeedsLibTorch where there is a reason and this is compiled without.
std::string need_of_libtorch(const std::vector<Config>& models, const DeviceChoice& device);

}  // namespace weft
