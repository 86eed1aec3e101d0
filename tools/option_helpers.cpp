#include "option_helpers.h"

#include <cstdint>

#include "base/number_text.h"

namespace weft {
namespace {

/// The description in the help is CLI11's own for a range.
template <class Number>
CLI::Validator in_range(const Range& range, const std::string& noun) {
  const auto expected = noun + range.text();
  return {[range, expected](const std::string& text) {
            Number value{};
            const bool fits =
                parse_number(text, value) && range.contains(static_cast<double>(value));
            return fits ? "" : "'" + text + "' found; expected " + expected;
          },
          range.text()};
}

}  // namespace

CLI::Validator integer_in(const Range& range) { return in_range<int64_t>(range, "an integer "); }

CLI::Validator number_in(const Range& range) { return in_range<double>(range, "a number "); }

void add_threads_option(CLI::App& command, int& threads) {
  command
      .add_option("--threads", threads, "Threads that compute; 0: as many as the machine has cores")
      ->check(integer_in(thread_count()));
}

}  // namespace weft
