#include "train/launch.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "base/error.h"

namespace weft {
namespace {

constexpr int64_t kMostProcesses = 1 << 16;

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

/// Reads integers within limits, and collects what is wrong with them.
class LaunchReader {
 public:
  int64_t required(const char* name, int64_t low, int64_t high) {
    if (const auto value = optional(name, low, high)) return *value;
    if (!variable(name)) missing(name);
    return low;
  }
  std::optional<int64_t> optional(const char* name, int64_t low, int64_t high) {
    const auto text = variable(name);
    if (!text) return std::nullopt;
    int64_t value = 0;
    const auto* end = text->data() + text->size();
    const auto read = std::from_chars(text->data(), end, value);
    if (read.ec == std::errc() && read.ptr == end && value >= low && value <= high) return value;
    problems_.add(std::string(name) + " is '" + *text + "'; expected an integer in [" +
                  std::to_string(low) + ", " + std::to_string(high) + "]");
    return std::nullopt;
  }
  std::string text(const char* name) {
    const auto value = variable(name);
    if (!value) missing(name);
    return value.value_or("");
  }
  void finish() { problems_.throw_if_any(); }

 private:
  void missing(const char* name) {
    problems_.add(std::string(name) +
                  " is not set; processes that train together need RANK, WORLD_SIZE, MASTER_ADDR "
                  "and MASTER_PORT (unset RANK and WORLD_SIZE to train in one process)");
  }

  Problems problems_;
};

}  // namespace

Launch launch_from_environment() {
  Launch launch;
  if (!variable("RANK") && !variable("WORLD_SIZE")) return launch;
  LaunchReader read;
  launch.world = read.required("WORLD_SIZE", 1, kMostProcesses);
  launch.rank = read.required("RANK", 0, launch.world - 1);
  launch.local_rank = read.optional("LOCAL_RANK", 0, launch.world - 1);
  launch.local_world = read.optional("LOCAL_WORLD_SIZE", 1, launch.world).value_or(1);
  launch.address = read.text("MASTER_ADDR");
  launch.port = static_cast<int>(read.required("MASTER_PORT", 1, 65535));
  // As LibTorch's own "env://" does.
  launch.served_by_launcher = variable("TORCHELASTIC_USE_AGENT_STORE") == "True";
  if (launch.served_by_launcher) {
    launch.store_prefix =
        "/worker/attempt_" + variable("TORCHELASTIC_RESTART_COUNT").value_or("0") + "/";
  }
  read.finish();
  return launch;
}

}  // namespace weft
