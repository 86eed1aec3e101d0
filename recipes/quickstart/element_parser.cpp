#include "quickstart/element_parser.h"

#include <charconv>

namespace weft::quickstart {
namespace {

// "1,2?" -> {1, sure}, {2, possible}
std::vector<Label> parse_labels(const std::string& text, const Location& location) {
  std::vector<Label> labels;
  const char* next = text.data();
  const char* const end = next + text.size();
  while (next < end) {
    Label label;
    const auto [rest, error] = std::from_chars(next, end, label.number);
    if (error != std::errc()) break;
    next = rest;
    if (next < end && *next == '?') {
      label.sure = false;
      ++next;
    }
    labels.push_back(label);
    if (next == end) return labels;
    if (*next++ != ',') break;
  }
  throw UserError(location,
                  "found the labels '[" + text + "]'; expected numbers, as in [1] or [1,2?]");
}

}  // namespace

ParsedElement parse_element(const std::string& text, const Location& location) {
  ParsedElement element;
  std::string body = text;
  const std::size_t bracket = text.rfind('[');
  if (bracket != std::string::npos && bracket > 0 && text.ends_with(']')) {
    element.labels = parse_labels(text.substr(bracket + 1, text.size() - bracket - 2), location);
    body = text.substr(0, bracket);
  }
  if (!body.starts_with('{')) {
    element.token = body;
    return element;
  }
  if (!body.ends_with('}') || body.size() < 3) {
    throw UserError(location, "found '" + text + "'; expected {Name} or {Name.field}");
  }
  body = body.substr(1, body.size() - 2);
  const std::size_t dot = body.find('.');
  element.child = body.substr(0, dot);
  if (dot != std::string::npos) element.field = body.substr(dot + 1);
  return element;
}

}  // namespace weft::quickstart
