#pragma once
// What takes the place of the decoding options in a model's config.

#include <functional>
#include <optional>
#include <vector>

#include "config/training_options.h"

namespace weft {

struct DecodingOverrides {
  std::vector<std::function<void(DecodingOptions&)>> changes;
  std::optional<Precision> precision;  ///< which the device must have
  std::vector<double> model_weights;   ///< of an ensemble; none: all count alike
};

/// What a model's config says, with these changes. Throws UserError if the device lacks the
/// precision.
DecodingOptions decoding_of(const DecodingOptions& stored, const DecodingOverrides& overrides,
                            const DeviceChoice& device);

}  // namespace weft
