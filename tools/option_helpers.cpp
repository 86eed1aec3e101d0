#include "option_helpers.h"

#include <cmath>

namespace weft {

std::string check_finite_from_zero(const std::string& text) {
  double value = 0;
  const bool number = CLI::detail::lexical_cast(text, value);
  return number && std::isfinite(value) && value >= 0
             ? ""
             : "'" + text + "' found; expected a finite number >= 0";
}

void add_threads_option(CLI::App& command, int& threads) {
  constexpr int kMost = 1024;  // as training.threads
  command
      .add_option("--threads", threads, "Threads that compute; 0: as many as the machine has cores")
      ->check(CLI::Range(0, kMost));
}

}  // namespace weft
