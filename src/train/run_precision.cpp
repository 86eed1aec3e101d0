#include "train/run_precision.h"

#include "base/error.h"
#include "base/log.h"
#include "config/enum_names.h"
#include "kernels/matmul.h"
#include "nn/fast_path.h"

namespace weft {

Precision precision_of_run(Precision wanted, std::optional<Precision> begun,
                           const std::string& directory) {
  if (!begun) {
    const Precision precision = usable_precision(wanted, "training.precision");
    if (wanted == Precision::kAuto)
      log_info("training.precision is auto: " + to_name(precision) + " on this processor");
    return precision;
  }
  const Precision kept = resolved(*begun);
  if (kernels::has_products_in(kept)) {
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
