// Within a training step nothing waits for the GPU.

#include <gtest/gtest.h>
#include <torch/types.h>

#include "cuda/gpu.h"
#include "model/model_directory.h"
#include "train/optimizer.h"
#include "train/worker.h"

// LibTorch can refuse to wait, which only its builds for CUDA declare.
#if __has_include(<cuda_runtime_api.h>) && __has_include(<c10/cuda/impl/cuda_cmake_macros.h>)
#include <c10/cuda/CUDAFunctions.h>

namespace weft {
namespace {

class WaitingRefused {
 public:
  WaitingRefused() { set(c10::cuda::SyncDebugMode::L_ERROR); }
  WaitingRefused(const WaitingRefused&) = delete;
  WaitingRefused& operator=(const WaitingRefused&) = delete;
  ~WaitingRefused() { set(c10::cuda::SyncDebugMode::L_DISABLED); }

 private:
  static void set(c10::cuda::SyncDebugMode mode) {
    c10::cuda::warning_state().set_sync_debug_mode(mode);
  }
};

class GpuStep : public GpuFixture<::testing::TestWithParam<const char*>> {};

INSTANTIATE_TEST_SUITE_P(Configs, GpuStep, ::testing::ValuesIn(text_presets()),
                         [](const auto& tested) { return test_name(tested.param); });

TEST_P(GpuStep, WaitsForNothing) {
  const std::string preset = GetParam();
  // Hard attention draws positions, and LibTorch looks at what it draws by.
  if (preset == "hard-attention") return;
  auto model =
      TranslationModel(read_config(preset_path(preset)).model, VocabularySizes{{{kWords}}, kWords});
  model->initialize();
  model->to(gpu_);
  model->train();
  const auto batch = random_pairs(12);
  for (const auto precision : {Precision::kFloat32, Precision::kBfloat16}) {
    TrainingOptions options;
    options.precision = precision;
    const auto optimizer = make_optimizer(named_parameters(*model), {}, options.optimizer);
    Worker worker(model, options);
    const auto update = [&] {
      worker.start({batch}, {.loss_units = batch.target_tokens});
      optimizer->step_unseen(0.001, 0);
    };
    update();  // takes memory
    synchronize(gpu_);
    const WaitingRefused refused;
    EXPECT_NO_THROW(update());
  }
}

}  // namespace
}  // namespace weft

#endif
