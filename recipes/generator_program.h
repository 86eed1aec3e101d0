#pragma once
// What the programs of recipes that make corpora have in common.

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "base/error.h"

namespace weft {

/// Parses the command line and calls make(). Returns the exit status: 2 for a person's mistake.
template <class Make>
int run_generator(CLI::App& app, int argc, char** argv, Make make) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    make();
  } catch (const UserError& error) {
    std::cerr << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "internal error: " << error.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace weft
