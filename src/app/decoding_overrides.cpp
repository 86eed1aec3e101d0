#include "app/decoding_overrides.h"

#include "nn/device.h"
#include "ops/precision.h"

namespace weft {

DecodingOptions decoding_of(const DecodingOptions& stored, const DecodingOverrides& overrides,
                            const DeviceChoice& device) {
  auto decoding = stored;
  for (const auto& change : overrides.changes) change(decoding);
  if (overrides.precision) {
    require_products_in(*overrides.precision, "--precision", resolved(device));
    decoding.precision = *overrides.precision;
  }
  return decoding;
}

}  // namespace weft
