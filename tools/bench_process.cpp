#include "bench_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <stdexcept>

#include "base/error.h"
#include "base/log.h"
#include "base/messages.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr const char* kThisProgram = "/proc/self/exe";
constexpr const char* kError = "error";  // the key of a person's mistake

int64_t nanoseconds_of(std::chrono::steady_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

/// Starts this program with its standard output going to `output`.
pid_t start(std::vector<std::string>& arguments, int output) {
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t process = 0;
  const int error =
      ::posix_spawn(&process, kThisProgram, &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  errno = error;
  if (error != 0) throw_file_error(kThisProgram, "cannot be started to measure in");
  return process;
}

std::string read_to_end(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  ssize_t count = 0;
  while ((count = ::read(descriptor, buffer.data(), buffer.size())) != 0) {
    if (count > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw_file_error(kThisProgram, "cannot be read from while it measures");
    }
  }
  return text;
}

}  // namespace

json measure_in_own_process(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "weft");
  arguments.insert(
      arguments.end(),
      {kMeasuredFrom, std::to_string(nanoseconds_of(std::chrono::steady_clock::now()))});
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw_file_error(kThisProgram, "cannot be given a pipe to answer through");
  const pid_t process = start(arguments, ends[1]);
  ::close(ends[1]);
  const auto answer = read_to_end(ends[0]);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
  if (status != 0 || !json::accept(answer))
    throw std::runtime_error("the process that measures has failed");
  auto measured = json::parse(answer);
  if (measured.contains(kError)) throw UserError(measured.at(kError).get<std::string>());
  return measured;
}

void answer_with(const std::function<json()>& measure) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  set_log_level(LogLevel::kWarning);
  try {
    std::cout << measure() << '\n';
  } catch (const UserError& error) {
    std::cout << json{{kError, error.what()}} << '\n';
  }
}

double seconds_between(int64_t nanoseconds, std::chrono::steady_clock::time_point end) {
  return static_cast<double>(nanoseconds_of(end) - nanoseconds) / 1e9;
}

}  // namespace weft
