#include "config/device_choice.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "config/config_reader.h"

namespace weft {
namespace {

using Kind = DeviceChoice::Kind;

TEST(ParseDevice, ReadsEveryForm) {
  struct Case {
    std::string text;
    DeviceChoice device;
    std::string written;
  };
  for (const Case& c :
       {Case{"auto", {Kind::kAuto}, "auto"}, Case{"cpu", {Kind::kCpu}, "cpu"},
        Case{"cuda", {Kind::kCuda, 0}, "cuda:0"}, Case{"cuda:0", {Kind::kCuda, 0}, "cuda:0"},
        Case{"cuda:17", {Kind::kCuda, 17}, "cuda:17"}}) {
    DeviceChoice device{Kind::kCuda, 3};
    EXPECT_TRUE(parse_device(c.text, device)) << c.text;
    EXPECT_EQ(device, c.device) << c.text;
    EXPECT_EQ(format_device(device), c.written);
  }
}

TEST(ParseDevice, RefusesAnythingElseAndLeavesTheDeviceAlone) {
  for (const std::string text : {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:1x", "cuda: 1",
                                 "cuda1", "cpu:0", "auto:0", "cuda:99999999999999999999"}) {
    DeviceChoice device{Kind::kCuda, 3};
    EXPECT_FALSE(parse_device(text, device)) << text;
    EXPECT_EQ(device, (DeviceChoice{Kind::kCuda, 3})) << text;
  }
}

TEST(DeviceKey, IsReadFromAConfig) {
  EXPECT_EQ(parse_config("training: {device: cuda:2}", "c.yaml").training.device,
            (DeviceChoice{Kind::kCuda, 2}));
  EXPECT_EQ(parse_config("{}", "c.yaml").training.device, DeviceChoice{});
  try {
    parse_config("training: {device: gpu}", "c.yaml");
    FAIL() << "nothing was thrown";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("expected auto, cpu or cuda:N"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace weft
