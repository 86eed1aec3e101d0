#pragma once
// Which translations search without LibTorch cannot make.

#include <string>
#include <vector>

#include "config/training_options.h"

namespace weft {

/// Whether translating with these models on this device needs LibTorch: on a GPU, and for pictures,
/// whose networks are LibTorch's. False where that cannot be known because something is wrong with
/// a model: whoever loads it says so.
bool needs_libtorch(const std::vector<std::string>& models, const DeviceChoice& device);

}  // namespace weft
