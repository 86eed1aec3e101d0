#include "markup/tagged_line.h"

#include <charconv>
#include <cstdint>
#include <optional>

#include "base/utf8.h"

namespace weft {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) { return is_letter(c) || c == '_' || c == ':'; }
bool is_in_name(char c) { return begins_name(c) || is_digit(c) || c == '-' || c == '.'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Length of what stands at the beginning of `text`; 0 if none does.
std::size_t between(std::string_view text, std::string_view begin, std::string_view end) {
  if (!text.starts_with(begin)) return 0;
  const auto found = text.find(end, begin.size());
  return found == kNone ? 0 : found + end.size();
}

std::size_t name_length(std::string_view text) {
  std::size_t length = 0;
  if (text.empty() || !begins_name(text[0])) return 0;
  while (length < text.size() && is_in_name(text[length])) ++length;
  return length;
}

/// A tag up to its ">", which may not stand in quotation marks.
std::size_t tag_length(std::string_view text) {
  for (const auto& [begin, end] : {std::pair{"<!--", "-->"}, std::pair{"<?", "?>"}})
    if (const auto length = between(text, begin, end); length > 0) return length;
  std::size_t n = text.starts_with("</") ? 2 : 1;
  const std::size_t name = name_length(text.substr(n));
  if (text[0] != '<' || name == 0) return 0;
  n += name;
  if (n < text.size() && !is_blank(text[n]) && text[n] != '/' && text[n] != '>') return 0;
  char quotation = 0;
  for (; n < text.size(); ++n) {
    if (quotation != 0) {
      if (text[n] == quotation) quotation = 0;
    } else if (text[n] == '"' || text[n] == '\'') {
      quotation = text[n];
    } else if (text[n] == '<') {
      return 0;
    } else if (text[n] == '>') {
      return n + 1;
    }
  }
  return 0;
}

/// {0}, {name}, ${name}.
std::size_t braces_length(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  std::size_t n = text.starts_with("${") ? 2 : text.starts_with("{") ? 1 : 0;
  if (n == 0) return 0;
  const std::size_t begin = n;
  while (n < text.size() && n < kLongest && text[n] != '{' && text[n] != '}' && !is_blank(text[n]))
    ++n;
  return n > begin && n < text.size() && text[n] == '}' ? n + 1 : 0;
}

/// printf's %s, %-5.2f, %1$d: not right after a digit ("50%d"), nor before a letter ("%discount").
std::size_t conversion_length(std::string_view text) {
  std::size_t n = 1;
  const auto skip = [&](std::string_view characters) {
    while (n < text.size() && characters.find(text[n]) != kNone) ++n;
  };
  skip("0123456789$");
  skip("-+#0");
  skip("0123456789.*");
  skip("hlLqjzt");
  if (n >= text.size() || std::string_view("diouxXeEfFgGaAcsp@").find(text[n]) == kNone) return 0;
  ++n;
  return n < text.size() && is_letter(text[n]) ? 0 : n;
}

/// "&name;" or "&#1;".
std::size_t entity_length(std::string_view text) {
  std::size_t n = 1;
  if (n < text.size() && text[n] == '#') ++n;
  const std::size_t begin = n;
  while (n < text.size() && (is_digit(text[n]) || (is_letter(text[n]) && text[n] > 0))) ++n;
  return n > begin && n < text.size() && text[n] == ';' ? n + 1 : 0;
}

/// The character that an entity stands for, if it is one for a line of text.
std::optional<std::string> character_of(std::string_view entity) {
  if (entity == "&lt;") return "<";
  if (entity == "&gt;") return ">";
  if (entity == "&amp;") return "&";
  if (entity == "&quot;") return "\"";
  if (entity == "&apos;") return "'";
  if (entity.size() < 4 || entity[1] != '#') return std::nullopt;
  const bool hexadecimal = entity[2] == 'x' || entity[2] == 'X';
  const char* const begin = entity.data() + (hexadecimal ? 3 : 2);
  const char* const end = entity.data() + entity.size() - 1;
  std::uint32_t code = 0;
  const auto read = std::from_chars(begin, end, code, hexadecimal ? 16 : 10);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (read.ec != std::errc() || read.ptr != end || code < 0x20 || (code >= 0x7F && code < 0xA0) ||
      code == 0x2028 || code == 0x2029 || surrogate || code > 0x10FFFF)
    return std::nullopt;
  std::string character;
  append_utf8(character, static_cast<char32_t>(code));
  return character;
}

/// ASCII alone: text in scripts without spaces may stand right beside a link.
bool is_in_host(char c) {
  return (is_letter(c) && static_cast<unsigned char>(c) < 0x80) || is_digit(c) || c == '-' ||
         c == '.';
}

/// Up to a blank or a mark that no link has, less the punctuation of the sentence at its end.
std::size_t link_end(std::string_view text) {
  std::size_t n = 0;
  int open = 0;  // parentheses
  for (; n < text.size() && static_cast<unsigned char>(text[n]) < 0x80; ++n) {
    if (is_blank(text[n]) || std::string_view("<>\"{}|\\^`").find(text[n]) != kNone) break;
    open += text[n] == '(' ? 1 : 0;
    if (text[n] == ')' && --open < 0) break;
  }
  while (n > 0 && std::string_view(".,;:!?'*_&").find(text[n - 1]) != kNone) --n;
  return n;
}

/// https://..., www....
std::size_t url_length(std::string_view text) {
  for (const std::string_view begin : {"https://", "http://", "ftp://", "mailto:", "www."}) {
    if (!text.starts_with(begin)) continue;
    const auto length = link_end(text);
    return length > begin.size() ? length : 0;
  }
  return 0;
}

/// name@host.domain
std::size_t address_length(std::string_view text) {
  std::size_t n = 0;
  const auto is_in_user = [](char c) { return is_in_host(c) || c == '_' || c == '+'; };
  while (n < text.size() && is_in_user(text[n])) ++n;
  if (n == 0 || n >= text.size() || text[n] != '@') return 0;
  const std::size_t host = ++n;
  while (n < text.size() && is_in_host(text[n])) ++n;
  while (n > host && (text[n - 1] == '.' || text[n - 1] == '-')) --n;
  const auto dot = text.substr(host, n - host).find('.');
  return dot == kNone || dot == 0 ? 0 : n;
}

std::size_t link_length(std::string_view text, char before) {
  if (!is_in_host(text[0]) || is_in_host(before) || before == '@' || before == '_' || before == '+')
    return 0;
  const auto length = url_length(text);
  return length > 0 ? length : address_length(text);
}

/// Length of what is taken out at the beginning of `text`; 0: text.
std::size_t taken_length(std::string_view text, char before, Markup markup) {
  const bool is_xml = markup == Markup::kXml;
  switch (text[0]) {
    case '<':
      return is_xml ? tag_length(text) : 0;
    case '{':
    case '$':
      return braces_length(text);
    case '%':
      return is_digit(before) ? 0 : conversion_length(text);
    case '&':
      return is_xml ? entity_length(text) : 0;
    default:
      return link_length(text, before);
  }
}

std::string_view name_of(std::string_view tag) {
  const std::size_t begin = tag.starts_with("</") ? 2 : 1;
  return tag.substr(begin, name_length(tag.substr(begin)));
}

/// Finds partners: a closing tag closes the last open one of its name, and what was opened since
/// then and never closed is a point.
void pair_up(std::vector<InlineTag>& tags) {
  constexpr std::size_t kDeepest = 200;  // nobody's; keeps recursion over pairs in bounds
  std::vector<std::size_t> open;
  for (std::size_t n = 0; n < tags.size(); ++n) {
    const std::string_view text = tags[n].text;
    const auto name = text[0] == '<' ? name_of(text) : std::string_view();
    if (name.empty() || text.ends_with("/>")) continue;
    if (!text.starts_with("</")) {
      if (open.size() < kDeepest) open.push_back(n);
      continue;
    }
    for (std::size_t m = open.size(); m-- > 0;) {
      if (name_of(tags[open[m]].text) != name) continue;
      tags[open[m]].kind = TagKind::kOpen;
      tags[open[m]].partner = n;
      tags[n].kind = TagKind::kClose;
      tags[n].partner = open[m];
      open.resize(m);
      break;
    }
  }
}

}  // namespace

TaggedLine take_out_tags(std::string_view line, Markup markup) {
  TaggedLine result;
  result.markup = markup;
  auto& text = result.text;
  bool after_tag = false;
  std::size_t waiting = 0;  // tags since the last character of text
  const auto at_blank = [&text] { return text.empty() || is_blank(text.back()); };
  for (std::size_t n = 0; n < line.size();) {
    const auto rest = line.substr(n);
    const std::size_t length = taken_length(rest, n > 0 ? line[n - 1] : ' ', markup);
    const auto character =
        length > 0 && rest[0] == '&' ? character_of(rest.substr(0, length)) : std::nullopt;
    if (length > 0 && !character) {
      result.tags.push_back({TagKind::kPoint, std::string(rest.substr(0, length)), text.size(), 0,
                             at_blank(), false});
      after_tag = true;
      ++waiting;
      n += length;
      continue;
    }
    const bool blank = !character && is_blank(rest[0]);
    if (after_tag)
      for (std::size_t m = result.tags.size() - waiting; m < result.tags.size(); ++m)
        result.tags[m].space_after = blank;
    if (!(after_tag && blank && at_blank())) {
      if (character) {
        text += *character;
      } else {
        text += rest[0];
      }
    }
    after_tag = false;
    waiting = 0;
    n += character ? length : 1;
  }
  for (std::size_t m = result.tags.size() - waiting; m < result.tags.size(); ++m)
    result.tags[m].space_after = true;
  pair_up(result.tags);
  return result;
}

}  // namespace weft
