#include "app/constraint_input.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/words.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr const char* kForm =
    R"(expected {"text": "...", "constraints": ["...", ...], "avoid": ["...", ...], "length_ratio": 1.2})";

void add_phrase(std::string_view phrase, std::vector<std::string>& phrases) {
  phrases.push_back(with_single_blanks(phrase));
  if (phrases.back().empty()) throw UserError("a phrase is blank; expected words");
}

LineConstraints take_tabbed(std::string& line) {
  LineConstraints constraints;
  const std::string whole = line;
  auto end = whole.find('\t');
  line = whole.substr(0, end);
  while (end != std::string::npos) {
    const auto begin = end + 1;
    end = whole.find('\t', begin);
    add_phrase(whole.substr(begin, end == std::string::npos ? end : end - begin),
               constraints.required);
  }
  return constraints;
}

void take_phrases(const json& value, std::vector<std::string>& phrases) {
  if (!value.is_array()) throw UserError(std::string("phrases are no list; ") + kForm);
  for (const auto& phrase : value) {
    if (!phrase.is_string()) throw UserError(std::string("a phrase is no text; ") + kForm);
    add_phrase(phrase.get<std::string>(), phrases);
  }
}

LineConstraints take_json(std::string& line) {
  const auto object = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains("text") || !object["text"].is_string())
    throw UserError(std::string("the line is no JSON object with a text; ") + kForm);
  LineConstraints constraints;
  for (const auto& [key, value] : object.items()) {
    if (key == "constraints") {
      take_phrases(value, constraints.required);
    } else if (key == "avoid") {
      take_phrases(value, constraints.avoided);
    } else if (key == "length_ratio") {
      if (!value.is_number() || value.get<double>() <= 0)
        throw UserError(std::string("the length ratio is no number above 0; ") + kForm);
      constraints.length_ratio = value.get<double>();
    } else if (key != "text") {
      throw UserError("the key '" + key + "' is not known; " + kForm);
    }
  }
  line = object["text"].get<std::string>();
  if (line.find_first_of("\n\r") != std::string::npos)
    throw UserError("the text has a line break; expected one line");
  return constraints;
}

}  // namespace

ConstrainedLines take_constraints(ConstraintFormat format, std::vector<std::string>& lines) {
  ConstrainedLines constrained;
  if (format == ConstraintFormat::kNone) return constrained;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    try {
      constrained.lines.push_back(format == ConstraintFormat::kTabs ? take_tabbed(lines[i])
                                                                    : take_json(lines[i]));
    } catch (const UserError& error) {
      constrained.mistake = {i, error.what()};
      return constrained;
    }
  }
  return constrained;
}

std::string with_single_blanks(std::string_view text) {
  std::string joined;
  for (const auto& word : split_whitespace(text)) {
    if (!joined.empty()) joined += ' ';
    joined += text.substr(word.begin, word.end - word.begin);
  }
  return joined;
}

}  // namespace weft
