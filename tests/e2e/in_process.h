#pragma once
// Command lines without a process for each, which would take minutes where there are thousands.

#include <fcntl.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "base/temporary_directory.h"
#include "commands.h"
#include "run_program.h"

namespace weft::e2e {

/// A descriptor that is a file for a while.
class Redirection {
 public:
  Redirection(int descriptor, const std::string& path, int flags)
      : descriptor_(descriptor), saved_(::dup(descriptor)) {
    const int file = ::open(path.c_str(), flags, 0600);
    ::dup2(file, descriptor);
    ::close(file);
  }
  Redirection(const Redirection&) = delete;
  Redirection& operator=(const Redirection&) = delete;
  ~Redirection() {
    std::cout.flush();
    ::dup2(saved_, descriptor_);
    ::close(saved_);
  }

 private:
  int descriptor_, saved_;
};

struct OutcomeHere {
  int status = 0;
  std::string err;
};

/// Runs `weft ARGUMENTS` in this process, with nothing on standard input.
inline OutcomeHere run_here(std::vector<std::string> arguments) {
  const TemporaryDirectory directory;
  arguments.insert(arguments.begin(), "weft");
  std::vector<const char*> pointers;
  for (const auto& argument : arguments) pointers.push_back(argument.c_str());
  const Redirection input(STDIN_FILENO, "/dev/null", O_RDONLY);
  const Redirection output(STDOUT_FILENO, "/dev/null", O_WRONLY);
  const Redirection errors(STDERR_FILENO, directory.path("errors"), O_WRONLY | O_CREAT);
  const int status = run_program(static_cast<int>(pointers.size()), pointers.data(), add_commands);
  return {status, directory.read("errors")};
}

}  // namespace weft::e2e
