#include "train/run_state.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>

#include "base/error.h"

namespace weft {

void copy_into(const NamedTensors& targets, const std::string& prefix,
               const Checkpoint& checkpoint) {
  torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : targets) {
    const auto stored = checkpoint.tensors.find(prefix + name);
    if (stored == checkpoint.tensors.end() || stored->second.sizes() != tensor.sizes()) {
      throw UserError("the checkpoint has no tensor '" + prefix + name +
                      "' of the model's shape; it belongs to another model");
    }
    tensor.detach().copy_(stored->second);
  }
}

at::Generator generator_of(const torch::Device& device) {
  return at::globalContext().defaultGenerator(device);
}

void restore_generators(const Checkpoint& checkpoint, const torch::Device& device, uint64_t seed,
                        const std::string& directory) {
  try {
    generator_of(torch::kCPU).set_state(checkpoint.generator.clone());
    if (device.is_cpu()) return;
    auto generator = generator_of(device);
    if (checkpoint.gpu_generator.defined()) {
      generator.set_state(checkpoint.gpu_generator.clone());
    } else {
      generator.set_current_seed(seed + static_cast<uint64_t>(checkpoint.progress.updates));
    }
  } catch (const c10::Error&) {
    throw UserError({directory},
                    "holds a damaged checkpoint: its random state is not one of this program");
  }
}

bool is_good(const Checkpoint& checkpoint) {
  if (checkpoint.progress.skipped_in_row > 0) return false;
  return std::all_of(checkpoint.tensors.begin(), checkpoint.tensors.end(), [](const auto& named) {
    return !named.first.starts_with("weight.") ||
           named.second.isfinite().all().template item<bool>();
  });
}

}  // namespace weft
