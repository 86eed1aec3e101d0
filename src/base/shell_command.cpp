#include "base/shell_command.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/cancelled.h"
#include "base/messages.h"

namespace weft {
namespace {

/// Closed when it goes.
class Descriptor {
 public:
  Descriptor(int number, const std::string& command) : number_(number) {
    if (number < 0) throw_file_error(command, "cannot be run");
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int number() const { return number_; }

 private:
  int number_;
};

/// A process of its own group, all of which is killed with it.
class Child {
 public:
  Child(const std::string& command, int input, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGPIPE}) sigaddset(&signals, signal);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    std::string words[] = {"sh", "-c", command};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    errno = ::posix_spawn(&id_, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (errno != 0) throw_file_error("/bin/sh", "cannot be started");
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }
  bool has_ended() const {
    siginfo_t news{};
    // Its number stays its own until end().
    const int found = ::waitid(P_PID, static_cast<id_t>(id_), &news, WEXITED | WNOHANG | WNOWAIT);
    return found == 0 && news.si_pid == id_;
  }
  /// Kills what is left, and says how it ended.
  std::string end() {
    if (id_ < 0) return "";
    ::kill(-id_, SIGKILL);
    while (::waitpid(id_, &status_, 0) < 0 && errno == EINTR) continue;
    id_ = -1;
    if (WIFSIGNALED(status_)) return "signal " + std::to_string(WTERMSIG(status_));
    const int status = WEXITSTATUS(status_);
    return status == 0 ? "" : "exit status " + std::to_string(status);
  }

 private:
  pid_t id_ = -1;
  int status_ = 0;
};

/// A file in memory, to be read from its beginning.
void fill(const Descriptor& file, const std::string& text, const std::string& command) {
  for (std::size_t done = 0; done < text.size();) {
    const auto count = ::write(file.number(), text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR) throw_file_error(command, "cannot be given its input");
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  ::lseek(file.number(), 0, SEEK_SET);
}

}  // namespace

ShellOutput run_shell(const std::string& command, const std::string& input,
                      const std::function<bool()>& is_cancelled) {
  constexpr int kMilliseconds = 50;  // between two questions
  const Descriptor given(::memfd_create("input", MFD_CLOEXEC), command);
  fill(given, input, command);
  int ends[2] = {-1, -1};
  const int made = ::pipe2(ends, O_CLOEXEC);
  const Descriptor output(made == 0 ? ends[0] : -1, command);
  Descriptor written(ends[1], command);
  Child child(command, given.number(), written.number());
  written.close();
  ShellOutput result;
  std::array<char, 4096> buffer;
  bool open = true;
  // What it has left running in the background may keep the pipe open.
  for (bool ended = false; open || !ended;) {
    throw_if(is_cancelled);
    ended = child.has_ended();
    pollfd waited{output.number(), POLLIN, 0};
    const int ready = ::poll(&waited, open ? 1U : 0U, ended ? 0 : kMilliseconds);
    if (ended && ready == 0) break;
    if (!open || ready <= 0) continue;
    const auto count = ::read(output.number(), buffer.data(), buffer.size());
    if (count > 0) result.text.append(buffer.data(), static_cast<std::size_t>(count));
    open = count > 0 || (count < 0 && errno == EINTR);
  }
  result.problem = child.end();
  return result;
}

}  // namespace weft
