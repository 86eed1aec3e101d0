#pragma once
// What takes the place of the decoding options in a model's config.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/training_options.h"

namespace weft {

struct DecodingOverrides {
  std::vector<std::function<void(DecodingOptions&)>> changes;
  std::optional<Precision> precision;  ///< which the device must have
  std::vector<double> model_weights;   ///< of an ensemble; none: all count alike
};

/// What the first model's config says, with these changes. Throws UserError if the device lacks the
/// precision.
DecodingOptions decoding_of(const std::string& first_model, const DecodingOverrides& overrides,
                            const DeviceChoice& device);

}  // namespace weft
