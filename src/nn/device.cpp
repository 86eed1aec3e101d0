#include "nn/device.h"

#include <ATen/Context.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/cuda.h>
#include <torch/types.h>
#include <torch/version.h>

#include <string>

#include "base/error.h"
#include "base/log.h"
#include "config/device_choice.h"
#include "nn/tensor_library.h"

namespace weft {
namespace {

int64_t gpus() { return static_cast<int64_t>(torch::cuda::device_count()); }

/// What there is, for messages.
std::string gpus_text() {
  if (!at::globalContext().hasCUDART()) return "this build of LibTorch is without CUDA";
  const auto count = gpus();
  if (count == 0) return "LibTorch finds no GPU here";
  return "there " + (count == 1 ? std::string("is one GPU")
                                : "are " + std::to_string(count) +
                                      " GPUs, up to cuda:" + std::to_string(count - 1));
}

/// LibTorch lets cuDNN round the factors of float32 products to 10 bits unless told otherwise.
void keep_float32_whole() {
#if TORCH_VERSION_MAJOR >= 2  // of which some complain that the function has got another name
  struct Silence : c10::WarningHandler {
    void process(const c10::Warning& /*warning*/) override {}
  } silence;
  const c10::WarningUtils::WarningHandlerGuard quiet(&silence);
#endif
  at::globalContext().setAllowTF32CuDNN(false);
}

torch::Device gpu(int64_t index) {
  keep_float32_whole();
  return {torch::kCUDA, static_cast<torch::DeviceIndex>(index)};
}

torch::Device automatic() {
  if (!at::globalContext().hasCUDART()) return torch::kCPU;  // there is nothing to choose from
  const torch::Device device = gpus() > 0 ? gpu(0) : torch::Device(torch::kCPU);
  log_info("device is auto: " + device.str() + " (" + gpus_text() + ")");
  return device;
}

}  // namespace

std::string libtorch_version() { return TORCH_VERSION; }

torch::Device resolved(const DeviceChoice& choice) {
  switch (choice.kind) {
    case DeviceChoice::Kind::kAuto:
      return automatic();
    case DeviceChoice::Kind::kCpu:
      return torch::kCPU;
    case DeviceChoice::Kind::kCuda:
      break;
  }
  const auto count = gpus();
  if (choice.index < count) return gpu(choice.index);
  throw UserError("device is " + format_device(choice) + ", but " + gpus_text() +
                  "; expected auto" + (count > 0 ? ", cpu or cuda:0" : " or cpu"));
}

DeviceChoice choice_of(const torch::Device& device) {
  if (device.is_cpu()) return {DeviceChoice::Kind::kCpu};
  return {DeviceChoice::Kind::kCuda, device.index()};
}

void synchronize(const torch::Device& device) {
  if (!device.is_cpu()) torch::cuda::synchronize(device.index());
}

void compute_beside_others(const torch::Device& device) {
  if (device.is_cpu()) return;
  const c10::impl::VirtualGuardImpl cuda(device.type());
  cuda.exchangeStream(cuda.getStreamFromGlobalPool(device));
}

}  // namespace weft
