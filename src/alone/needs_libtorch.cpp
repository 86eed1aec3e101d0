#include "alone/needs_libtorch.h"

#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "model/model_directory.h"

namespace weft {
namespace {

/// Whether LibTorch could find a GPU, which `auto` stands for then.
bool may_have_gpu() {
#ifdef WEFT_GPU
  constexpr const char* kDrivers[] = {"/dev/nvidiactl", "/dev/kfd", "/dev/dxg"};
  return std::any_of(std::begin(kDrivers), std::end(kDrivers),
                     [](const char* path) { return ::access(path, F_OK) == 0; });
#else
  return false;
#endif
}

bool reads_pictures(const std::string& model) {
  try {
    const auto kinds = read_model_config(model).data.source_kind;
    return std::find(kinds.begin(), kinds.end(), SourceKind::kImage) != kinds.end();
  } catch (const UserError&) {
    return false;
  }
}

}  // namespace

bool needs_libtorch(const std::vector<std::string>& models, const DeviceChoice& device) {
  if (device.kind == DeviceChoice::Kind::kCuda) return true;
  if (device.kind == DeviceChoice::Kind::kAuto && may_have_gpu()) return true;
  return std::any_of(models.begin(), models.end(), reads_pictures);
}

}  // namespace weft
