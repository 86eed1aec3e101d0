// Which device a choice stands for, on machines with and without GPUs.

#include "nn/device.h"

#include <gtest/gtest.h>
#include <torch/cuda.h>

#include "base/error.h"
#include "base/log.h"
#include "ops/precision.h"

namespace weft {
namespace {

using Kind = DeviceChoice::Kind;

int64_t gpus() { return static_cast<int64_t>(torch::cuda::device_count()); }

TEST(Device, IsTheFirstGpuOrTheProcessorIfItIsLeftToTheMachine) {
  set_log_level(LogLevel::kOff);
  EXPECT_EQ(resolved(DeviceChoice{}), gpus() > 0 ? torch::Device("cuda:0") : torch::Device("cpu"));
  set_log_level(LogLevel::kInfo);
}

TEST(Device, IsTheProcessorForWhoAsksForIt) {
  EXPECT_EQ(resolved(DeviceChoice{Kind::kCpu}), torch::Device("cpu"));
}

TEST(Device, IsRefusedWhereThereIsNoSuchGpu) {
  try {
    resolved(DeviceChoice{Kind::kCuda, gpus()});
    FAIL() << "nothing was thrown";
  } catch (const UserError& error) {
    const std::string message = error.what();
    EXPECT_EQ(message.find("device is cuda:" + std::to_string(gpus()) + ", but "), 0U) << message;
    EXPECT_NE(message.find("; expected auto"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
  EXPECT_THROW(resolved(DeviceChoice{Kind::kCuda, 1'000'000'000'000}), UserError);
}

TEST(Device, IsTheChoiceOfItself) {
  EXPECT_EQ(choice_of(torch::Device("cpu")), DeviceChoice{Kind::kCpu});
  EXPECT_EQ(choice_of(torch::Device("cuda:3")), (DeviceChoice{Kind::kCuda, 3}));
}

TEST(PrecisionOfAGpu, IsFloat32OrBfloat16) {
  const torch::Device gpu("cuda:0");
  for (const auto precision : {Precision::kFloat32, Precision::kBfloat16}) {
    EXPECT_TRUE(has_products_in(precision, gpu));
    EXPECT_EQ(usable_precision(precision, "x", gpu), precision);
    EXPECT_NO_THROW(require_products_in(precision, "x", gpu));
  }
  EXPECT_FALSE(has_products_in(Precision::kAuto, gpu));
  EXPECT_TRUE(has_products_in(resolved(Precision::kAuto, gpu), gpu));
}

TEST(PrecisionOfAGpu, IsNotInt8) {
  const torch::Device gpu("cuda:0");
  set_log_level(LogLevel::kOff);
  EXPECT_EQ(usable_precision(Precision::kInt8, "decoding.precision", gpu), Precision::kFloat32);
  set_log_level(LogLevel::kInfo);
  try {
    require_products_in(Precision::kInt8, "--precision", gpu);
    FAIL() << "nothing was thrown";
  } catch (const UserError& error) {
    EXPECT_STREQ(
        error.what(),
        "--precision is int8, but a GPU (cuda:0) has no fast int8 products; expected auto, "
        "float32 or bfloat16");
  }
}

}  // namespace
}  // namespace weft
