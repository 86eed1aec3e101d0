// Sums of gradients that lie on a GPU. There is one GPU for all tests: NCCL's way is walked by one
// process, whose sums are what it gave; a GPU for each process takes a machine with several.

#include "train/process_group.h"

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "cuda/gpu.h"
#include "train/processes.h"

namespace weft {
namespace {

using GpuProcessGroup = GpuFixture<::testing::Test>;

TEST_F(GpuProcessGroup, SumsOnTheGpu) {
  ProcessGroup group(launches(1).front(), kPatience);
  torch::manual_seed(1);
  const auto given = torch::randn({1000, 300});
  const auto tensor = given.to(gpu_);
  const auto next = given.to(gpu_);
  const auto first = group.start_sum(tensor), second = group.start_sum(next);
  first->wait();
  second->wait();
  EXPECT_TRUE(torch::equal(tensor.to(torch::kCPU), given));
  EXPECT_TRUE(torch::equal(next.to(torch::kCPU), given));
  EXPECT_TRUE(tensor.is_cuda());
}

}  // namespace
}  // namespace weft
