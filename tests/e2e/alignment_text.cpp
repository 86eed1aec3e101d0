#include "e2e/alignment_text.h"

#include <numeric>
#include <stdexcept>

namespace weft::e2e {
namespace {

double number(const std::string& text) {
  std::size_t end = 0;
  const double value = std::stod(text, &end);
  if (end != text.size()) throw std::invalid_argument("not a number: " + text);
  return value;
}

int position(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos)
    throw std::invalid_argument("not a position: '" + text + "'");
  return std::stoi(text);
}

}  // namespace

std::vector<std::string> fields_of(const std::string& line) {
  constexpr std::string_view kSeparator = " ||| ";
  std::vector<std::string> fields;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = line.find(kSeparator, begin);
    fields.push_back(line.substr(begin, end == std::string::npos ? end : end - begin));
    if (end == std::string::npos) return fields;
    begin = end + kSeparator.size();
  }
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  std::size_t begin = 0;
  for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
    end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
  }
  return parts;
}

Links links_of(const std::string& text) {
  Links links;
  for (const auto& link : split(text, ' ')) {
    const auto between = link.find_first_of("-p");
    if (between == std::string::npos) throw std::invalid_argument("not a link: '" + link + "'");
    links.emplace_back(position(link.substr(0, between)), position(link.substr(between + 1)));
  }
  return links;
}

std::vector<std::vector<double>> rows_of(const std::string& text) {
  std::vector<std::vector<double>> rows;
  for (const auto& group : split(text, ' ')) {
    rows.emplace_back();
    for (const auto& weight : split(group, ',')) rows.back().push_back(number(weight));
  }
  return rows;
}

double sum(const std::vector<double>& row) { return std::accumulate(row.begin(), row.end(), 0.0); }

}  // namespace weft::e2e
