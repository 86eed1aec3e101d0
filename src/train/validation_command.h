#pragma once
// A metric that a command of the person's computes.

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weft {

/// The last word of a text that is a number, whatever brackets, punctuation or per cent sign stand
/// around it: 27.5 in "BLEU = 27.5 %".
std::optional<double> last_number(const std::string& text);

/// Gives `command` the translations, a line each, and takes the last number that it prints.
/// Nothing, with a warning, if it fails or prints none. Throws Cancelled as run_shell() does.
std::optional<double> command_metric(const std::string& command,
                                     const std::vector<std::string>& translations,
                                     const std::function<bool()>& is_cancelled);

}  // namespace weft
