#include "text/n_best_line.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/error.h"

namespace weft {
namespace {

constexpr const char* kSeparator = " ||| ";

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::size_t begin = 0;
  for (;;) {
    const auto end = line.find(kSeparator, begin);
    fields.push_back(line.substr(begin, end - begin));
    if (end == std::string::npos) return fields;
    begin = end + std::string(kSeparator).size();
  }
}

/// What field() (align/escapes.h) has written.
std::string unescaped(std::string text) {
  const std::string escaped = "&#124;&#124;&#124;";
  for (auto at = text.find(escaped); at != std::string::npos; at = text.find(escaped, at + 3))
    text.replace(at, escaped.size(), "|||");
  return text;
}

}  // namespace

NBestLine parse_n_best_line(const std::string& line) {
  const auto fields = fields_of(line);
  NBestLine parsed;
  const auto& id = fields.front();
  const auto* end = id.data() + id.size();
  const auto [stop, error] = std::from_chars(id.data(), end, parsed.id);
  if (fields.size() < 3 || error != std::errc() || stop != end)
    throw UserError("'" + line + "' found; expected 'ID ||| TEXT ||| FEATURES ||| SCORE'");
  parsed.text_field = fields[1];
  parsed.text = unescaped(fields[1]);
  const auto features = std::max<std::size_t>(fields.size() - 2, 2);
  for (std::size_t k = 2; k < features; ++k) parsed.more += kSeparator + fields[k];
  parsed.features = fields[features];
  double score = 0;
  const auto& last = fields.back();
  const auto read = std::from_chars(last.data(), last.data() + last.size(), score);
  if (fields.size() > 3 && read.ec == std::errc() && read.ptr == last.data() + last.size())
    parsed.score = score;
  return parsed;
}

}  // namespace weft
