#include "base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>

#include "base/error.h"

namespace weft {

namespace {

constexpr const char* kPattern = "[%Y-%m-%d %H:%M:%S] %v";

void set_pattern(spdlog::sinks::sink& sink, const std::string& pattern) {
  sink.set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern));
}

/// Where messages go; stderr alone has a level.
struct Output {
  std::shared_ptr<spdlog::sinks::stderr_sink_mt> terminal =
      std::make_shared<spdlog::sinks::stderr_sink_mt>();
  std::shared_ptr<spdlog::sinks::dist_sink_mt> all =
      std::make_shared<spdlog::sinks::dist_sink_mt>();
  spdlog::logger logger{"weft", all};

  Output() {
    // Carriage return and "erase to the end of the line": wipes a progress bar.
    const std::string wipe = ::isatty(STDERR_FILENO) == 1 ? "\r\x1b[K" : "";
    set_pattern(*terminal, wipe + kPattern);
    all->add_sink(terminal);
    logger.flush_on(spdlog::level::trace);
  }
};

Output& output() {
  static const std::unique_ptr<Output> instance = std::make_unique<Output>();
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

void set_log_level(LogLevel level) { output().terminal->set_level(to_spdlog(level)); }
bool is_logged(LogLevel level) { return output().terminal->should_log(to_spdlog(level)); }

void log_info(const std::string& message) { output().logger.info("{}", message); }
void log_warning(const std::string& message) { output().logger.warn("warning: {}", message); }

struct LogFile::Sink {
  std::shared_ptr<spdlog::sinks::basic_file_sink_mt> file;
};

LogFile::LogFile(const std::string& path) : sink_(std::make_unique<Sink>()) {
  try {
    sink_->file = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path);
  } catch (const spdlog::spdlog_ex&) {
    throw UserError({path}, "cannot be written");
  }
  set_pattern(*sink_->file, kPattern);
  output().all->add_sink(sink_->file);
}

void LogFile::add(const std::string& message) {
  spdlog::logger("weft", sink_->file).info("{}", message);
  sink_->file->flush();
}

LogFile::~LogFile() { output().all->remove_sink(sink_->file); }

}  // namespace weft
