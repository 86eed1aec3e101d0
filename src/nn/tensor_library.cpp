#include "nn/tensor_library.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "config/config.h"
#include "config/device_choice.h"

namespace weft {
namespace {

/// Where LibTorch could find a GPU, which `auto` stands for then; null: nowhere.
const char* driver_of_gpu() {
#ifdef WEFT_GPU
  for (const char* path : {"/dev/nvidiactl", "/dev/kfd", "/dev/dxg"})
    if (::access(path, F_OK) == 0) return path;
#endif
  return nullptr;
}

/// Whether a model reads pictures, whose networks are LibTorch's.
bool reads_pictures(const Config& model) {
  const auto& kinds = model.data.source_kind;
  return std::find(kinds.begin(), kinds.end(), SourceKind::kImage) != kinds.end();
}

std::string need_of(const std::vector<Config>& models, const DeviceChoice& device) {
  constexpr const char* kVariable = "WEFT_LIBTORCH";
  const char* wanted = std::getenv(kVariable);
  if (wanted != nullptr && wanted == std::string_view("1")) return kVariable + std::string("=1");
  if (device.kind == DeviceChoice::Kind::kCuda) return "the device is " + format_device(device);
  if (device.kind == DeviceChoice::Kind::kAuto) {
    if (const char* driver = driver_of_gpu())
      return "the device is auto, and " + std::string(driver) + " may be a GPU's";
  }
  if (std::any_of(models.begin(), models.end(), reads_pictures)) return "pictures are read";
  return "";
}

}  // namespace

std::string need_of_libtorch(const std::vector<Config>& models, const DeviceChoice& device) {
  auto need = need_of(models, device);
  if (!need.empty() && libtorch_version().empty()) throw NeedsLibTorch();
  return need;
}

}  // namespace weft
