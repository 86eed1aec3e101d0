#include "config/yaml_document.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/utf8.h"

namespace weft {
namespace {

Location place_of(const YAML::Mark& mark, const std::string& file_name) {
  return mark.is_null() ? Location{.file = file_name}
                        : Location{file_name, mark.line + 1, mark.column + 1};
}

Location place_of_byte(const std::string& text, std::size_t offset, const std::string& file_name) {
  const auto byte = text.begin() + static_cast<std::ptrdiff_t>(offset);
  const std::size_t newline = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
  const std::size_t line_start = newline == std::string::npos ? 0 : newline + 1;
  return {file_name, static_cast<int>(std::count(text.begin(), byte, '\n')) + 1,
          static_cast<int>(offset - line_start) + 1};
}

// What yaml-cpp says about a tab names the wrong cause, and often the wrong line.
void require_no_tab_indent(const std::string& text, const std::string& file_name) {
  Problems problems;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::size_t first = std::min(text.find_first_not_of(" \t\r", start), end);
    const std::size_t tab = std::min(text.find('\t', start), end);
    if (tab < first && first < end && text[first] != '#')
      problems.add(place_of_byte(text, tab, file_name),
                   "a tab indents this line; expected spaces, YAML allows nothing else");
    start = end + 1;
  }
  problems.throw_if_any();
}

}  // namespace

void require_text(const std::string& text, const std::string& name) {
  if (const std::optional<std::size_t> offset = first_invalid_utf8(text))
    throw UserError(place_of_byte(text, *offset, name),
                    "not valid UTF-8 (byte " + hex_byte(text[*offset]) + ")");
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  };
  const auto control = std::find_if(text.begin(), text.end(), is_control);
  if (control != text.end())
    throw UserError(place_of_byte(text, static_cast<std::size_t>(control - text.begin()), name),
                    "control character " + hex_byte(*control) + "; expected text");
}

Location place_of(const YAML::Node& node, const std::string& file_name) {
  return place_of(node.Mark(), file_name);
}

YAML::Node parse_yaml(const std::string& yaml, const std::string& file_name) {
  require_text(yaml, file_name);
  require_no_tab_indent(yaml, file_name);
  std::vector<YAML::Node> documents;
  try {
    documents = YAML::LoadAll(yaml);
  } catch (const YAML::Exception& error) {
    throw UserError(place_of(error.mark, file_name), "not valid YAML: " + error.msg);
  }
  if (documents.empty()) throw UserError(Location{.file = file_name}, "no YAML in this file");
  if (documents.size() > 1)
    throw UserError(place_of(documents[1], file_name), "a second YAML document; expected one");
  return documents.front();
}

}  // namespace weft
