// weft: one program of two parts. Commands that need no model run here; the others, and what speaks
// of all commands (--help), are in a library with LibTorch, which takes a fifth of a second to
// load.

#include <dlfcn.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "commands.h"
#include "models_program.h"
#include "run_program.h"

namespace weft {
namespace {

/// Whether the first argument that is no option is a command that needs no model.
bool needs_no_model(int argc, const char* const* argv) {
  if (argc == 2 && argv[1] == std::string_view("--version")) return true;
  const auto* word =
      std::find_if(argv + 1, argv + argc, [](const char* argument) { return argument[0] != '-'; });
  if (word == argv + argc) return false;
  CLI::App app;
  add_text_commands(app);
  for (const auto* command : app.get_subcommands({}))
    if (command->get_name() == *word) return true;
  return false;
}

int run_with_models(int argc, const char* const* argv) {
#ifdef WEFT_MODELS
  void* library = ::dlopen("libweft_models.so", RTLD_LAZY | RTLD_LOCAL);
  if (library != nullptr) {
    const auto run =
        reinterpret_cast<decltype(&weft_run_program)>(::dlsym(library, "weft_run_program"));
    if (run != nullptr) return run(argc, argv);
  }
  std::cerr << "weft: its library of models cannot be loaded (" << ::dlerror() << ")\n";
  return 1;
#else
  return run_program(argc, argv, add_text_commands);
#endif
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  // A file that may not grow (ulimit -f) is told like a full disk, instead of ending the program.
  std::signal(SIGXFSZ, SIG_IGN);
  const int status = weft::needs_no_model(argc, argv)
                         ? weft::run_program(argc, argv, weft::add_text_commands)
                         : weft::run_with_models(argc, argv);
  // Whatever a command made is gone with it. What is left are LibTorch's tables of operators, and
  // taking those apart would cost 0.07 s.
  std::fflush(nullptr);
  std::quick_exit(status);
}
