#pragma once
// Lines for people, on stderr. stdout carries results alone.

#include <memory>
#include <string>

namespace weft {

enum class LogLevel { kInfo, kWarning, kError, kOff };

/// The least level that is written; kInfo unless set. `--quiet` is kWarning.
void set_log_level(LogLevel level);
/// Whether messages of `level` are written.
bool is_logged(LogLevel level);

/// One line with the time before it. On a terminal it takes the place of a progress bar, which
/// comes back below it when it is drawn next. Safe from any thread.
void log_info(const std::string& message);
void log_warning(const std::string& message);

/// While it lives, every message is also appended to a file, whatever the level that stderr keeps.
class LogFile {
 public:
  /// Throws UserError if the file cannot be written.
  explicit LogFile(const std::string& path);
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  ~LogFile();

  /// A line in the file alone.
  void add(const std::string& message);

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace weft
