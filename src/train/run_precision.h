#pragma once
// Which precision a run trains in.

#include <torch/types.h>

#include <optional>
#include <string>

#include "config/training_options.h"

namespace weft {

/// The precision of a run whose config asks for `wanted`; never kAuto. What a new run prefers is
/// float32 where the device lacks it. A run that is resumed keeps `begun`, the precision of its
/// checkpoint, so that it ends as if it had never stopped; where the device lacks that, it goes
/// on only in float32 and only if the config says so. Throws UserError otherwise.
Precision precision_of_run(Precision wanted, std::optional<Precision> begun,
                           const std::string& directory, const torch::Device& device = torch::kCPU);

}  // namespace weft
