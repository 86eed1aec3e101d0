#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>

namespace weft {

namespace {

spdlog::logger& logger() {
  static const std::unique_ptr<spdlog::logger> instance = [] {
    auto created =
        std::make_unique<spdlog::logger>("weft", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    const std::string pattern = "[%Y-%m-%d %H:%M:%S] %v";
    // Carriage return and "erase to the end of the line": wipes a progress bar.
    created->set_pattern(::isatty(STDERR_FILENO) == 1 ? "\r\x1b[K" + pattern : pattern);
    created->flush_on(spdlog::level::trace);
    return created;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

}  // namespace

void set_log_level(LogLevel level) { logger().set_level(to_spdlog(level)); }
bool is_logged(LogLevel level) { return logger().should_log(to_spdlog(level)); }

void log_info(const std::string& message) { logger().info("{}", message); }
void log_warning(const std::string& message) { logger().warn("warning: {}", message); }
void log_error(const std::string& message) { logger().error("error: {}", message); }

}  // namespace weft
