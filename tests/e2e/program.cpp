#include "e2e/program.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <ostream>
#include <set>
#include <stdexcept>
#include <system_error>

namespace weft::e2e {
namespace {

[[noreturn]] void throw_errno(const std::string& what, int error = errno) {
  throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  int read_end, write_end;
};

// Closed in the child, which gets its own copies as descriptors 0 to 2.
Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("pipe2");
  return {ends[0], ends[1]};
}

std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) all.emplace_back(*entry);
  for (const auto& [name, value] : added) {
    const auto beginning = name + "=";
    std::erase_if(all, [&](const auto& entry) { return entry.starts_with(beginning); });
    all.push_back(beginning + value);
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

pid_t spawn(const Start& start, const std::array<int, 3>& descriptors) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int i = 0; i < 3; ++i) {
    posix_spawn_file_actions_adddup2(&actions, descriptors[static_cast<std::size_t>(i)], i);
  }
  if (!start.directory.empty())
    posix_spawn_file_actions_addchdir_np(&actions, start.directory.c_str());
  // This process ignores SIGPIPE; the program must meet it as it would in a shell.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);

  auto arguments = start.arguments;
  auto environment = environment_with(start.environment);
  pid_t process = 0;
  const int error = posix_spawnp(&process, arguments.at(0).c_str(), &actions, &attributes,
                                 pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) throw_errno("cannot start " + arguments[0], error);
  return process;
}

using RunProgram = int (*)(int, const char* const*);

/// weft_run_program() of the library that `weft` runs these commands with. LibTorch is loaded once
/// for all of them.
RunProgram program_with_libtorch() {
  static const auto program = [] {
    const auto path = std::filesystem::path(WEFT_PROGRAM).parent_path() / "libweft_models.so";
    void* library = ::dlopen(path.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error(::dlerror());
    // As `weft` does: LibTorch is not taken apart at the end.
    ::on_exit(
        [](int status, void*) {
          std::cout.flush();
          std::fflush(nullptr);
          std::_Exit(status);
        },
        nullptr);
    return reinterpret_cast<RunProgram>(::dlsym(library, "weft_run_program"));
  }();
  return program;
}

bool has_other_threads() {
  using Tasks = std::filesystem::directory_iterator;
  return std::distance(Tasks("/proc/self/task"), Tasks()) != 1;
}

/// Asks `weft` to run all commands with LibTorch.
const std::pair<std::string, std::string> kWithLibTorch{"WEFT_LIBTORCH", "1"};

/// Whether it is a command that runs with LibTorch, and runs alike in a process that has loaded it
/// before: not those that read the environment then, or that start themselves once more.
bool can_be_forked(const Start& start) {
  static const std::set<std::string> kAlways{"average", "check", "export", "import",
                                             "inspect", "train", "tune"};
  static const std::set<std::string> kOnDemand{"align", "score", "translate"};
  const auto& arguments = start.arguments;
  const auto& environment = start.environment;
  if (arguments.size() < 2 || arguments[0] != WEFT_PROGRAM || has_other_threads()) return false;
  if (kOnDemand.contains(arguments[1])) return environment == std::vector{kWithLibTorch};
  return environment.empty() && kAlways.contains(arguments[1]);
}

/// Keeps the standard streams alone. A child that held the other end of its own input would wait
/// for that for ever.
void close_other_descriptors() {
  std::vector<int> open;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    open.push_back(std::stoi(entry.path().filename()));
  for (const int descriptor : open)
    if (descriptor > STDERR_FILENO) ::close(descriptor);
}

/// What main() of `weft` does, in a process of its own, without the 0.3 s that loading LibTorch
/// takes.
pid_t fork_weft(const Start& start, const std::array<int, 3>& descriptors) {
  const auto run = program_with_libtorch();
  std::vector<const char*> arguments;
  for (const auto& argument : start.arguments) arguments.push_back(argument.c_str());
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t process = ::fork();
  if (process < 0) throw_errno("fork");
  if (process > 0) return process;
  for (int i = 0; i < 3; ++i) ::dup2(descriptors[static_cast<std::size_t>(i)], i);
  close_other_descriptors();
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_IGN);
  std::ios::sync_with_stdio(false);
  if (!start.directory.empty() && ::chdir(start.directory.c_str()) != 0) std::_Exit(127);
  for (const auto& [name, value] : start.environment) ::setenv(name.c_str(), value.c_str(), 1);
  const int status = run(static_cast<int>(arguments.size()), arguments.data());
  std::fflush(nullptr);
  std::_Exit(status);
}

std::string read_from_start(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  ssize_t count = 0;
  while ((count = ::pread(descriptor, buffer.data(), buffer.size(),
                          static_cast<off_t>(text.size()))) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return text;
}

void close_descriptor(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const Outcome& outcome) {
  return stream << "exit status " << outcome.status << "\nstandard output: " << outcome.out
                << "\nstandard error: " << outcome.err;
}

Outcome refusal(const std::vector<std::string>& lines) {
  Outcome outcome{2, "", ""};
  for (const auto& line : lines) outcome.err += line + '\n';
  return outcome;
}

RunningProgram::RunningProgram(const Start& start) {
  std::signal(SIGPIPE, SIG_IGN);
  const Pipe input = make_pipe();
  const Pipe output = make_pipe();
  input_ = input.write_end;
  output_ = output.read_end;
  errors_ = ::memfd_create("standard error", MFD_CLOEXEC);
  const std::array descriptors{input.read_end, output.write_end, errors_};
  process_ = can_be_forked(start) ? fork_weft(start, descriptors) : spawn(start, descriptors);
  ::close(input.read_end);
  ::close(output.write_end);
  // write() must never wait for a program that waits for its output to be read.
  ::fcntl(input_, F_SETFL, O_NONBLOCK);
}

RunningProgram::~RunningProgram() {
  if (is_running()) {
    send(SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  close_descriptor(input_);
  close_descriptor(output_);
  close_descriptor(errors_);
}

void RunningProgram::write(const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(input_, text.data() + written, text.size() - written);
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      receive(std::chrono::milliseconds(10));
    } else {
      if (errno != EPIPE) throw_errno("write");
      return;
    }
  }
}

void RunningProgram::close_input() { close_descriptor(input_); }

bool RunningProgram::receive(std::chrono::milliseconds limit) {
  if (output_ < 0) return false;
  pollfd waiting{output_, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(limit.count())) <= 0) return true;
  std::array<char, 1 << 16> buffer;
  const ssize_t count = ::read(output_, buffer.data(), buffer.size());
  if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
  if (count == 0) close_descriptor(output_);
  return count != 0;
}

std::string RunningProgram::read_lines(std::size_t lines, std::chrono::seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  const auto enough = [&] {
    return static_cast<std::size_t>(std::count(received_.begin(), received_.end(), '\n')) >= lines;
  };
  while (!enough() && receive(std::chrono::milliseconds(50))) {
    if (std::chrono::steady_clock::now() > end) {
      throw std::runtime_error("waited too long for line " + std::to_string(lines) +
                               "; came: " + received_ + "\n" + read_from_start(errors_));
    }
  }
  return std::exchange(received_, "");
}

bool RunningProgram::is_running() {
  if (status_ != -1) return false;
  int status = 0;
  if (::waitpid(process_, &status, WNOHANG) == process_) status_ = status;
  return status_ == -1;
}

void RunningProgram::send(int signal) { ::kill(process_, signal); }

Outcome RunningProgram::wait() {
  close_input();
  while (receive(std::chrono::seconds(1))) continue;
  if (status_ == -1 && ::waitpid(process_, &status_, 0) != process_) throw_errno("waitpid");
  Outcome outcome;
  outcome.status = WIFSIGNALED(status_) ? 128 + WTERMSIG(status_) : WEXITSTATUS(status_);
  outcome.out = std::exchange(received_, "");
  outcome.err = read_from_start(errors_);
  return outcome;
}

Outcome run(const Start& start, const std::string& input) {
  RunningProgram program(start);
  program.write(input);
  return program.wait();
}

std::string weft_program() { return WEFT_PROGRAM; }

Start weft_command(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), weft_program());
  return {std::move(arguments), "", {}};
}

Outcome run_weft(std::vector<std::string> arguments, const std::string& input) {
  return run(weft_command(std::move(arguments)), input);
}

Outcome run_weft_with_libtorch(std::vector<std::string> arguments, const std::string& input) {
  auto command = weft_command(std::move(arguments));
  command.environment.push_back(kWithLibTorch);
  return run(command, input);
}

Outcome run_shell(const std::string& script, const std::string& directory,
                  const std::string& input) {
  return run({{"/bin/bash", "-c", script}, directory, {{"WEFT", weft_program()}}}, input);
}

}  // namespace weft::e2e
