// weft: train, translate, align, evaluate.

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "base/version.h"
#include "commands.h"
#include "stop_signal.h"

namespace {

constexpr int kFailure = 1;  // ours
constexpr int kUsersMistake = 2;

int run(int argc, char** argv) {
  CLI::App app{"Neural machine translation with attention you can read.", "weft"};
  app.set_version_flag("--version", std::string("weft ") + weft::version());
  app.require_subcommand(1);
  bool quiet = false;
  app.add_flag("-q,--quiet", quiet, "Only warnings and errors on stderr");
  app.parse_complete_callback([&quiet] {
    if (quiet) weft::set_log_level(weft::LogLevel::kWarning);
  });
  app.fallthrough();
  weft::add_train_command(app);
  weft::add_translate_command(app);
  weft::add_align_command(app);
  weft::add_evaluate_command(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsersMistake;
  }
  return weft::exit_status_after_signal();
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    return run(argc, argv);
  } catch (const weft::UserError& error) {
    std::cout.flush();
    std::cerr << error.what() << '\n';
    return kUsersMistake;
  } catch (const std::exception& error) {
    std::cout.flush();
    std::cerr << "weft: internal error: " << error.what() << '\n';
    return kFailure;
  }
}
