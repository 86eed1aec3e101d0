#include "ops/backend_cases.h"

namespace weft::ops {
namespace {

class BackendTest : public ::testing::TestWithParam<BackendCase> {};

INSTANTIATE_TEST_SUITE_P(Cpu, BackendTest, ::testing::ValuesIn(backend_cases(/*for_gpu=*/false)),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(BackendTest, ComputesWhatThePlainTwinDoes) { expect_plain_twin(GetParam(), torch::kCPU); }

}  // namespace
}  // namespace weft::ops
