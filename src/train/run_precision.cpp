#include "train/run_precision.h"

#include "base/error.h"
#include "base/log.h"
#include "config/enum_names.h"
#include "ops/precision.h"

namespace weft {

Precision precision_of_run(Precision wanted, std::optional<Precision> begun,
                           const std::string& directory, const torch::Device& device) {
  if (!begun) {
    const Precision precision = usable_precision(wanted, "training.precision", device);
    if (wanted == Precision::kAuto)
      log_info("training.precision is auto: " + to_name(precision) + " on this " +
               (device.is_cpu() ? "processor" : "GPU"));
    return precision;
  }
  const Precision kept = resolved(*begun, device);
  if (has_products_in(kept, device)) {
    if (wanted != Precision::kAuto && wanted != kept) {
      log_warning(directory + ": the run began in " + to_name(kept) +
                  " and continues in it; training.precision is ignored");
    }
    return kept;
  }
  if (wanted == Precision::kFloat32) {
    log_warning(directory + ": the run began in " + to_name(kept) +
                " and continues in float32; the result differs from a run in either precision");
    return wanted;
  }
  throw UserError({directory}, "holds a run in " + to_name(kept) +
                                   ", and this processor has no fast " + to_name(kept) +
                                   " products; resume it on one that has, or continue in another "
                                   "precision with --set training.precision=float32");
}

}  // namespace weft
