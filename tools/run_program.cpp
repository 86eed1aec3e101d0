#include "run_program.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/messages.h"
#include "base/version.h"
#include "bash_completion.h"
#include "commands.h"
#include "man_page.h"
#include "stop_signal.h"

namespace weft {
namespace {

constexpr int kFailure = 1;  // ours
constexpr int kUsersMistake = 2;

/// The first argument that is no option must be a command; CLI11 would only say that none is there.
void check_command(const CLI::App& app, int argc, const char* const* argv) {
  const auto* word =
      std::find_if(argv + 1, argv + argc, [](const char* argument) { return argument[0] != '-'; });
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (word == argv + argc || std::find(names.begin(), names.end(), *word) != names.end()) return;
  throw UserError(unknown_name("command", *word, names));
}

/// Adds a flag that prints what is made from all options, and ends the program.
void print_and_end(CLI::App& app, const std::string& flag, std::string (*make)(const CLI::App&),
                   const std::string& help) {
  app.add_flag_callback(
      flag,
      [&app, make] {
        std::cout << make(app);
        throw CLI::Success();
      },
      help);
}

/// Throws UserError if standard output could not take all that was written to it (a full disk).
void finish_output() {
  std::cout.flush();
  if (!std::cout) throw UserError({"standard output"}, "cannot be written to its end");
}

/// Throws UserError for an argument that the command does not take, with the option that was meant.
[[noreturn]] void refuse_argument(const CLI::App& app, const std::string& argument) {
  std::vector<std::string> options;
  for (const auto* command : app.get_subcommands()) {
    const auto spelling = command->get_name() == "evaluate" ? sacrebleu_spelling(argument) : "";
    if (!spelling.empty())
      throw UserError("unknown option '" + argument + "'; expected " + spelling);
    for (const auto* option : command->get_options())
      for (const auto& name : option->get_lnames()) options.push_back("--" + name);
  }
  const auto nearest = nearest_name(argument.substr(0, argument.find('=')), options);
  throw UserError(
      "unknown argument '" + argument + "'" +
      (nearest.empty() ? " (--help lists the options)" : "; did you mean '" + nearest + "'?"));
}

int run(int argc, const char* const* argv, AddCommands add) {
  CLI::App app{"Neural machine translation with attention you can read.", "weft"};
  bool quiet = false;
  add_program(app, quiet, add);
  app.parse_complete_callback([&quiet] {
    if (quiet) set_log_level(LogLevel::kWarning);
  });
  check_command(app, argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError& error) {
    const auto rest = app.remaining(true);
    refuse_argument(app, rest.empty() ? error.what() : rest.front());
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) != 0) return kUsersMistake;
  }
  finish_output();
  return exit_status_after_signal();
}

/// Prints a message. Control characters that came with somebody's text or file names must not reach
/// the terminal.
void print_message(std::string_view message) {
  std::string line(message);
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\n') || c == '\x7F'; },
      '?');
  std::cout.flush();
  std::cerr << line << std::endl;
}

/// LibTorch says that there is not enough memory in an error like any other.
bool is_shortage_of_memory(const std::exception& error) {
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
         std::string_view(error.what()).find("can't allocate memory") != std::string_view::npos;
}

}  // namespace

void add_program(CLI::App& app, bool& quiet, AddCommands add) {
  app.set_version_flag("--version", std::string("weft ") + version());
  app.require_subcommand(1);
  app.add_flag("-q,--quiet", quiet, "Only warnings and errors on stderr");
  print_and_end(app, "--man-page", man_page, "Print the manual page");
  print_and_end(app, "--bash-completion", bash_completion,
                "Print a script that completes command lines in bash");
  app.fallthrough();
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return std::string(error.what()) + " (--help lists the options)\n";
  });
  add(app);
}

int run_program(int argc, const char* const* argv, AddCommands add) {
  try {
    return run(argc, argv, add);
  } catch (const UserError& error) {
    print_message(error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    print_message(error.path1().string() + ": cannot be used (" + error.code().message() + ")");
  } catch (const std::system_error& error) {  // no more threads, for one
    print_message("weft: the system refuses something (" + error.code().message() + ")");
  } catch (const std::exception& error) {
    if (!is_shortage_of_memory(error)) {
      // LibTorch puts a stack trace behind the first line.
      const std::string_view what = error.what();
      print_message("weft: internal error: " + std::string(what.substr(0, what.find('\n'))));
      return kFailure;
    }
    print_message("weft: there is not enough memory for this");
  }
  return kUsersMistake;
}

}  // namespace weft
