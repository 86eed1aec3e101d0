#include "e2e/in_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "base/temporary_directory.h"
#include "commands.h"
#include "run_program.h"

namespace weft::e2e {
namespace {

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

KnownCommand known(const CLI::App& command, const std::string& name) {
  KnownCommand result{name, {}};
  for (const auto* option : command.get_options()) {
    if (option->get_lnames().empty()) continue;
    result.options.push_back(
        {"--" + option->get_lnames().front(), option->get_expected_max() == 0});
  }
  return result;
}

}  // namespace

OutcomeHere run_here(std::vector<std::string> arguments) {
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

std::vector<KnownCommand> known_commands() {
  CLI::App app("", "weft");
  bool quiet = false;
  add_program(app, quiet, add_commands);
  std::vector<KnownCommand> commands;
  for (const auto* command : app.get_subcommands({})) {
    const auto inner = command->get_subcommands({});
    if (inner.empty()) commands.push_back(known(*command, command->get_name()));
    for (const auto* part : inner)
      commands.push_back(known(*part, command->get_name() + " " + part->get_name()));
  }
  return commands;
}

}  // namespace weft::e2e
