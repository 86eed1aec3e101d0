// weft: one program of three parts. Commands that need no model run here; those that
// translate, score and align are in a library of their own; the others, and what speaks of all
// commands (--help), are in one with LibTorch, which takes a fifth of a second to load.

#include <dlfcn.h>

#include <CLI/CLI.hpp>
#include <array>
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

/// The first two arguments that are no options; empty where there are fewer.
std::array<std::string_view, 2> first_words(int argc, const char* const* argv) {
  std::array<std::string_view, 2> words;
  auto* next = words.begin();
  for (int i = 1; i < argc && next != words.end(); ++i)
    if (argv[i][0] != '-') *next++ = argv[i];
  return words;
}

/// Whether the command needs no model.
bool needs_no_model(int argc, const char* const* argv) {
  if (argc == 2 && argv[1] == std::string_view("--version")) return true;
  const auto word = first_words(argc, argv).front();
  CLI::App app;
  add_text_commands(app);
  for (const auto* command : app.get_subcommands({}))
    if (command->get_name() == word) return true;
  return false;
}

#ifdef WEFT_MODELS
/// What weft_run_program() of a library returns.
int run_of_library(const char* name, int argc, const char* const* argv) {
  void* library = ::dlopen(name, RTLD_LAZY | RTLD_LOCAL);
  if (library != nullptr) {
    const auto run =
        reinterpret_cast<decltype(&weft_run_program)>(::dlsym(library, "weft_run_program"));
    if (run != nullptr) return run(argc, argv);
  }
  std::cerr << "weft: its library of models cannot be loaded (" << ::dlerror() << ")\n";
  return 1;
}

int run_with_models(int argc, const char* const* argv) {
  const auto [command, kind] = first_words(argc, argv);
  const bool may_do_without_libtorch = command == "translate" || command == "score" ||
                                       command == "align" ||
                                       (command == "bench" && kind == "translate");
  if (may_do_without_libtorch) {
    const int status = run_of_library("libweft_translate.so", argc, argv);
    if (status != kNeedsLibTorch) return status;
  }
  return run_of_library("libweft_models.so", argc, argv);
}
#else
int run_with_models(int argc, const char* const* argv) {
  return run_program(argc, argv, add_text_commands);
}
#endif

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
