#include "align/pharaoh.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "base/line_reader.h"

namespace weft {
namespace {

/// As std::from_chars(), but without a sign, not even that of "-0".
std::from_chars_result parse_position(const char* begin, const char* end, int& position) {
  if (begin != end && *begin == '-') return {begin, std::errc::invalid_argument};
  return std::from_chars(begin, end, position);
}

/// "12-3" or "12p3" as it stands, without regard to where counting begins.
std::optional<Link> parse_link(std::string_view text) {
  Link link;
  const char* const end = text.data() + text.size();
  const auto source = parse_position(text.data(), end, link.source);
  if (source.ec != std::errc() || source.ptr == end) return std::nullopt;
  if (*source.ptr != '-' && *source.ptr != 'p') return std::nullopt;
  link.sure = *source.ptr == '-';
  const auto target = parse_position(source.ptr + 1, end, link.target);
  if (target.ec != std::errc() || target.ptr != end) return std::nullopt;
  return link;
}

std::string to_text(const Link& link) {
  return std::to_string(link.source) + (link.sure ? "-" : "p") + std::to_string(link.target);
}

Link parse_field(std::string_view field, const Location& where, FirstPosition first) {
  std::optional<Link> link = parse_link(field);
  if (!link) {
    throw UserError(where, "'" + std::string(field) +
                               "' is not an alignment link; expected source-target, such as 0-1 "
                               "(sure) or 0p1 (possible)");
  }
  if (first == FirstPosition::kZero) return *link;
  if (link->source == 0 || link->target == 0) {
    throw UserError(where, "link " + std::string(field) +
                               " has position 0; expected positions that count from 1");
  }
  return {link->source - 1, link->target - 1, link->sure};
}

void check_side(int position, std::size_t words, const char* side, const Link& link,
                const Location& where) {
  if (static_cast<std::size_t>(position) < words) return;
  const bool counts_from_one = static_cast<std::size_t>(position) == words;
  throw UserError(where, "link " + to_text(link) + " points past the " + side +
                             " sentence; expected " + side + " positions below " +
                             std::to_string(words) +
                             (counts_from_one ? " (do these links count from 1?)" : ""));
}

}  // namespace

std::vector<Link> parse_pharaoh(std::string_view line, const Location& where, FirstPosition first) {
  constexpr std::string_view kBlanks = " \t\r";
  std::vector<Link> links;
  std::size_t begin = line.find_first_not_of(kBlanks);
  while (begin != std::string_view::npos) {
    const std::size_t end = std::min(line.find_first_of(kBlanks, begin), line.size());
    const Location place{where.file, where.line, static_cast<int>(begin) + 1};
    links.push_back(parse_field(line.substr(begin, end - begin), place, first));
    begin = line.find_first_not_of(kBlanks, end);
  }
  return as_set(std::move(links));
}

std::vector<std::vector<Link>> read_pharaoh(const std::string& path, FirstPosition first) {
  LineReader reader(path);
  std::vector<std::vector<Link>> lines;
  std::string line;
  while (reader.next(line)) lines.push_back(parse_pharaoh(line, reader.location(), first));
  return lines;
}

void check_bounds(const std::vector<Link>& links, const PairLength& length, const Location& where) {
  for (const Link& link : links) {
    check_side(link.source, length.source_words, "source", link, where);
    check_side(link.target, length.target_words, "target", link, where);
  }
}

std::string format_pharaoh(const std::vector<Link>& links) {
  std::string text;
  for (const Link& link : as_set(links)) {
    if (!text.empty()) text += ' ';
    text += to_text(link);
  }
  return text;
}

}  // namespace weft
