#include "train/validation_command.h"

#include "base/error.h"
#include "base/log.h"
#include "base/number_text.h"
#include "base/shell_command.h"
#include "train/heartbeat.h"

namespace weft {

std::optional<double> last_number(const std::string& text) {
  constexpr const char* kBlanks = " \t\r\n\f\v";
  for (std::size_t end = text.size(); end > 0;) {
    const auto last = text.find_last_not_of(kBlanks, end - 1);
    if (last == std::string::npos) break;
    const auto blank = text.find_last_of(kBlanks, last);
    const auto begin = blank == std::string::npos ? 0 : blank + 1;
    auto word = text.substr(begin, last + 1 - begin);
    word.erase(0, word.find_first_not_of("([{=:,;\"'"));
    word.erase(word.find_last_not_of(")]},;:.%\"'") + 1);
    if (word.starts_with('+')) word.erase(0, 1);
    double number = 0;
    if (parse_number(word, number)) return number;
    end = begin;
  }
  return std::nullopt;
}

std::optional<double> command_metric(const std::string& command,
                                     const std::vector<std::string>& translations,
                                     const std::function<bool()>& is_cancelled) {
  const Heartbeat heartbeat("training.validation.command");
  std::string lines;
  for (const auto& translation : translations) lines += translation + '\n';
  const auto warn = [&](const std::string& why) {
    log_warning("training.validation.command '" + command + "' " + why +
                "; this validation has no value of metric command");
    return std::nullopt;
  };
  try {
    const auto output = run_shell(command, lines, is_cancelled);
    if (!output.problem.empty()) return warn("failed (" + output.problem + ")");
    const auto number = last_number(output.text);
    if (!number) return warn("printed no number");
    return number;
  } catch (const UserError& error) {
    return warn(std::string("failed (") + error.what() + ")");
  }
}

}  // namespace weft
