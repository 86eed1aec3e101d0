#include "app/line_demands.h"

#include <algorithm>

#include "base/log.h"
#include "base/words.h"

namespace weft {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Digits, and between two of them one of ":/-".
bool is_copied_number(std::string_view word) {
  const auto digits = std::count_if(word.begin(), word.end(), is_digit);
  if (digits < 2 || !is_digit(word.front()) || !is_digit(word.back())) return false;
  for (std::size_t n = 1; n < word.size(); ++n) {
    const bool is_mark = std::string_view(":/-").find(word[n]) != std::string_view::npos;
    if (!is_digit(word[n]) && !(is_mark && is_digit(word[n - 1]))) return false;
  }
  return true;
}

std::string_view without_marks(std::string_view word) {
  constexpr std::string_view kMarks = ".,;:!?()[]\"'";
  const auto begin = word.find_first_not_of(kMarks);
  if (begin == std::string_view::npos) return {};
  return word.substr(begin, word.find_last_not_of(kMarks) + 1 - begin);
}

bool has(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

void warn(std::size_t line, const LineMistake& mistake, const std::string& what) {
  log_warning("line " + std::to_string(line) + ": " + mistake.message +
              "; the line is translated without its " + what);
}

/// Adds the numbers; where they cannot be had with the rest, not.
std::size_t add_numbers(LineDemands& demands, const LineWindow& window, Translator& translator) {
  const auto& lines = window.files.front();
  auto with_numbers = demands.constraints;
  with_numbers.resize(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto& required = with_numbers[i].required;
    for (auto& number : copied_numbers(lines[i]))
      if (!has(required, number) && !has(with_numbers[i].avoided, number))
        required.push_back(std::move(number));
  }
  demands.constraints.resize(lines.size());
  std::size_t dropped = 0;
  for (const auto& mistake :
       translator.constraint_mistakes(window.files, demands.prefixes, with_numbers)) {
    const auto& given = demands.constraints[mistake.index];
    dropped += given.required == with_numbers[mistake.index].required ? 0 : 1;
    with_numbers[mistake.index] = given;
  }
  demands.constraints = std::move(with_numbers);
  return dropped;
}

}  // namespace

std::vector<std::string> copied_numbers(const std::string& line) {
  std::vector<std::string> numbers;
  for (const auto& span : split_words(line)) {
    const std::string number(
        without_marks(std::string_view(line).substr(span.begin, span.end - span.begin)));
    if (is_copied_number(number) && !has(numbers, number)) numbers.push_back(number);
  }
  return numbers;
}

void keep_possible(LineDemands& demands, const LineWindow& window, bool copies_numbers,
                   const std::function<std::size_t(std::size_t)>& line_of, Translator& translator,
                   DroppedDemands& dropped) {
  for (const auto& mistake : translator.long_prefixes(demands.prefixes)) {
    warn(line_of(mistake.index), mistake, "prefix");
    demands.prefixes[mistake.index].clear();
    ++dropped.prefixes;
  }
  if (copies_numbers) dropped.numbers += add_numbers(demands, window, translator);
  for (const auto& mistake :
       translator.constraint_mistakes(window.files, demands.prefixes, demands.constraints)) {
    warn(line_of(mistake.index), mistake, "constraints");
    demands.constraints[mistake.index] = {};
    ++dropped.constraints;
  }
}

}  // namespace weft
