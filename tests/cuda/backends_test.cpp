// Every backend of every op for a GPU against its plain twin there.

#include "cuda/gpu.h"
#include "ops/backend_cases.h"

namespace weft::ops {
namespace {

class GpuBackend : public GpuFixture<::testing::TestWithParam<BackendCase>> {};

INSTANTIATE_TEST_SUITE_P(Gpu, GpuBackend, ::testing::ValuesIn(backend_cases(/*for_gpu=*/true)),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(GpuBackend, ComputesWhatThePlainTwinDoes) { expect_plain_twin(GetParam(), gpu_); }

}  // namespace
}  // namespace weft::ops
