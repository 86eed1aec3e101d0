// weft: init, train, translate, align, evaluate, bench.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/version.h"
#include "bash_completion.h"
#include "commands.h"
#include "man_page.h"
#include "stop_signal.h"

namespace {

constexpr int kFailure = 1;  // ours
constexpr int kUsersMistake = 2;

/// The first argument that is no option must be a command; CLI11 would only say that none is there.
void check_command(const CLI::App& app, int argc, char** argv) {
  const auto* word =
      std::find_if(argv + 1, argv + argc, [](const char* argument) { return argument[0] != '-'; });
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (word == argv + argc || std::find(names.begin(), names.end(), *word) != names.end()) return;
  const std::string nearest = weft::nearest_name(*word, names);
  throw weft::UserError(std::string("unknown command '") + *word + "'" +
                        (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

/// Throws UserError if standard output could not take all that was written to it (a full disk).
void finish_output() {
  std::cout.flush();
  if (!std::cout) throw weft::UserError({"standard output"}, "could not be written to its end");
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

int run(int argc, char** argv) {
  CLI::App app{"Neural machine translation with attention you can read.", "weft"};
  app.set_version_flag("--version", std::string("weft ") + weft::version());
  app.require_subcommand(1);
  bool quiet = false;
  app.add_flag("-q,--quiet", quiet, "Only warnings and errors on stderr");
  app.parse_complete_callback([&quiet] {
    if (quiet) weft::set_log_level(weft::LogLevel::kWarning);
  });
  print_and_end(app, "--man-page", weft::man_page, "Print the manual page");
  print_and_end(app, "--bash-completion", weft::bash_completion,
                "Print a script that completes command lines in bash");
  app.fallthrough();
  weft::add_init_command(app);
  weft::add_train_command(app);
  weft::add_translate_command(app);
  weft::add_align_command(app);
  weft::add_evaluate_command(app);
  weft::add_bench_command(app);
  check_command(app, argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) != 0) return kUsersMistake;
  }
  finish_output();
  return weft::exit_status_after_signal();
}

int run_and_report(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const weft::UserError& error) {
    std::cout.flush();
    std::cerr << error.what() << '\n';
    return kUsersMistake;
  } catch (const std::exception& error) {
    std::cout.flush();
    // LibTorch puts a stack trace behind the first line.
    const std::string_view what = error.what();
    std::cerr << "weft: internal error: " << what.substr(0, what.find('\n')) << '\n';
    return kFailure;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  // A file beyond the limit on sizes (ulimit -f) is to be told like a full disk, not to kill.
  std::signal(SIGXFSZ, SIG_IGN);
  const int status = run_and_report(argc, argv);
  // Whatever a command made is gone with it. What is left are LibTorch's tables of operators, and
  // taking those apart would cost 0.07 s.
  std::fflush(nullptr);
  std::quick_exit(status);
}
