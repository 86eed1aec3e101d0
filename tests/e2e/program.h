#pragma once
// Runs programs as a user does: with arguments, pipes, signals and a shell.

#include <sys/types.h>

#include <chrono>
#include <iosfwd>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace weft::e2e {

/// How a program starts.
struct Start {
  std::vector<std::string> arguments;                            ///< the program first
  std::string directory;                                         ///< to work in; "": the test's own
  std::vector<std::pair<std::string, std::string>> environment;  ///< added to the test's own
};

/// How it ended.
struct Outcome {
  int status = 0;  ///< as a shell tells it: 128 + the signal's number if a signal ended it
  std::string out;
  std::string err;
  bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& stream, const Outcome& outcome);

/// How a person's mistakes end: exit status 2, nothing on standard output, a line for each.
Outcome refusal(const std::vector<std::string>& lines);

/// A program that is running. Killed at the end of its life if it is not waited for.
class RunningProgram {
 public:
  explicit RunningProgram(const Start& start);
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;
  ~RunningProgram();

  /// Writes to its standard input; nothing happens if it does not listen any more.
  void write(const std::string& text);
  void close_input();

  /// What it has newly written to standard output, once that holds `lines` lines or it has ended.
  /// Throws std::runtime_error if that takes longer than `limit`.
  std::string read_lines(std::size_t lines, std::chrono::seconds limit = std::chrono::seconds(60));

  bool is_running();
  pid_t process() const { return process_; }
  void send(int signal);
  /// Closes its input, waits for its end. `out` has what read_lines() has not returned.
  Outcome wait();

 private:
  /// Waits for output for at most `limit`; false at its end.
  bool receive(std::chrono::milliseconds limit);

  pid_t process_ = 0;
  int status_ = -1;  // of waitpid; -1: still running
  int input_ = -1;
  int output_ = -1;
  int errors_ = -1;  // a nameless file
  std::string received_;
};

/// Runs to the end with `input` on standard input.
Outcome run(const Start& start, const std::string& input = "");

/// The program under test.
std::string weft_program();
/// `weft ARGUMENTS`, started but not waited for.
Start weft_command(std::vector<std::string> arguments);
/// Runs `weft ARGUMENTS` to the end.
Outcome run_weft(std::vector<std::string> arguments, const std::string& input = "");
/// The same with LibTorch, also where the command does without it by itself: digits can be compared
/// with those of commands that need it.
Outcome run_weft_with_libtorch(std::vector<std::string> arguments, const std::string& input = "");
/// Runs a line of shell, where "$WEFT" is the program under test, in `directory`.
Outcome run_shell(const std::string& script, const std::string& directory = "",
                  const std::string& input = "");

/// Waits until `condition` holds; false if that takes longer than `limit`.
template <class Condition>
bool wait_until(Condition condition, std::chrono::seconds limit = std::chrono::seconds(60)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace weft::e2e
