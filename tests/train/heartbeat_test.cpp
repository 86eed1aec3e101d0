#include "train/heartbeat.h"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "base/log.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

TEST(Heartbeat, SaysAgainAndAgainWhatTakesLong) {
  const TemporaryDirectory directory;
  const LogFile log(directory.path("log"));
  set_log_level(LogLevel::kOff);
  {
    const Heartbeat heartbeat("validation", 0.001);
    const std::string line = "validation: 0:0";
    for (std::size_t found = 0; found < 2;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      const auto text = directory.read("log");
      const auto first = text.find(line);
      found = (first != std::string::npos) + (first != text.rfind(line));
    }
  }
  set_log_level(LogLevel::kInfo);
  EXPECT_THAT(directory.read("log"), testing::HasSubstr(" so far\n"));
}

TEST(Heartbeat, IsSilentBeforeItsTime) {
  const TemporaryDirectory directory;
  const LogFile log(directory.path("log"));
  { const Heartbeat heartbeat("validation"); }
  EXPECT_EQ(directory.read("log"), "");
}

}  // namespace
}  // namespace weft
