#include "text/text_column.h"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "text/n_best_line.h"

namespace weft {
namespace {

using nlohmann::json;

/// Field `field` of the two that `separator` parts.
std::string_view field_of(std::string_view line, std::string_view separator, std::size_t field,
                          const char* form, const Location& place) {
  const std::size_t at = line.find(separator);
  std::size_t fields = 1;
  for (std::size_t found = at; found != std::string_view::npos; ++fields)
    found = line.find(separator, found + separator.size());
  if (fields != 2) {
    throw BadLine(place,
                  "has " + std::to_string(fields) + (fields == 1 ? " field" : " fields") +
                      "; expected two: " + form,
                  "have other than two fields");
  }
  return field == 0 ? line.substr(0, at) : line.substr(at + separator.size());
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

json object_of(const std::string& line, const Location& place) {
  auto object = json::parse(line, nullptr, false);
  if (!object.is_object())
    throw BadLine(place, "is not a JSON object; expected one in each line", "are not JSON objects");
  return object;
}

/// Null if there is none.
const json* member(const json& object, const std::string& key) {
  if (!key.starts_with('/')) {
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
  }
  try {
    const json::json_pointer pointer(key);
    return object.contains(pointer) ? &object.at(pointer) : nullptr;
  } catch (const json::exception&) {
    return nullptr;
  }
}

std::string text_of_member(const std::string& line, const std::string& key, const Location& place) {
  const auto object = object_of(line, place);
  const json* found = member(object, key);
  if (found == nullptr || !found->is_string())
    throw BadLine(place, "has no text '" + key + "'; expected the names of data.json_keys",
                  "have no text '" + key + "'");
  auto text = found->get<std::string>();
  if (text.find_first_of(std::string_view("\n\r\0", 3)) != std::string::npos)
    throw BadLine(place, "'" + key + "' has a line break; expected one sentence on one line",
                  "have a line break in '" + key + "'");
  return text;
}

NBestLine entry_of(const std::string& line, const Location& place) {
  try {
    return parse_n_best_line(line);
  } catch (const UserError& error) {
    throw BadLine(place, error.what(), "are not entries of an n-best list");
  }
}

}  // namespace

ColumnReader::ColumnReader(TextColumn column) : column_(std::move(column)), lines_(column_.path) {
  if (column_.format == TextFormat::kNBest && column_.field == 0) list_.emplace(column_.key);
}

bool ColumnReader::next_of_list(std::string& text) {
  std::string line;
  if (!list_->next(line)) return false;
  const auto id = entry_of(line, list_->location()).id;
  const auto read = static_cast<std::size_t>(lines_.line_number());
  if (id + 1 < read)
    throw BadLine(list_->location(),
                  "the id is " + std::to_string(id) +
                      ", after a greater one; expected the order of the lines of " + lines_.name(),
                  "have an id after a greater one");
  for (auto n = read; n < id + 1; ++n) {
    if (!lines_.next(line_))
      throw BadLine(list_->location(),
                    "the id is " + std::to_string(id) + "; expected that of one of the " +
                        std::to_string(n) + " lines of " + lines_.name() + ", counted from 0",
                    "have an id beyond the lines of " + lines_.name());
  }
  text = line_;
  return true;
}

bool ColumnReader::next(std::string& text) {
  if (column_.format == TextFormat::kLines) return lines_.next(text);
  if (list_) return next_of_list(text);
  std::string line;
  if (!lines_.next(line)) return false;
  switch (column_.format) {
    case TextFormat::kLines:
      break;
    case TextFormat::kTsv:
      text = field_of(line, "\t", column_.field, "source<TAB>target", location());
      break;
    case TextFormat::kBars:
      text = trimmed(field_of(line, "|||", column_.field, "source ||| target", location()));
      break;
    case TextFormat::kJson:
      text = text_of_member(line, column_.key, location());
      break;
    case TextFormat::kNBest:
      text = entry_of(line, location()).text;
      break;
  }
  return true;
}

}  // namespace weft
