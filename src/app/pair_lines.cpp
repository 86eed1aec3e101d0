#include "app/pair_lines.h"

#include <algorithm>
#include <string_view>

namespace weft {

namespace {

constexpr std::string_view kBars = "|||";

/// Where bars between blanks begin, at `from` or behind it.
std::size_t find_bars(std::string_view line, std::size_t from) {
  for (auto begin = line.find(kBars, from); begin != line.npos;
       begin = line.find(kBars, begin + 1)) {
    const std::size_t end = begin + kBars.size();
    const bool blank_before = begin == 0 || line[begin - 1] == ' ';
    if (blank_before && (end == line.size() || line[end] == ' ')) return begin;
  }
  return line.npos;
}

}  // namespace

LinePair split_pair(const std::string& line, const Location& where) {
  const auto bars = find_bars(line, 0);
  if (bars == line.npos || find_bars(line, bars + kBars.size()) != line.npos) {
    throw UserError(where, std::string(bars == line.npos ? "no" : "more than one") +
                               " '|||' between blanks; expected 'source ||| target'");
  }
  const std::size_t behind = std::min(bars + kBars.size() + 1, line.size());
  return {line.substr(0, bars == 0 ? 0 : bars - 1), line.substr(behind)};
}

std::vector<LinePair> PairLines::take(std::size_t most) {
  if (mistake_) throw UserError(*mistake_);
  auto window = lines_.take(most);
  std::vector<LinePair> pairs;
  for (std::size_t i = 0; i < window.count(); ++i) {
    if (!is_corpus_) {
      pairs.emplace_back(std::move(window.files[0][i]), std::move(window.files[1][i]));
      continue;
    }
    try {
      pairs.push_back(split_pair(window.files[0][i], lines_.location(0, i)));
    } catch (const UserError& mistake) {
      if (pairs.empty()) throw;
      mistake_ = mistake;
      break;
    }
  }
  return pairs;
}

}  // namespace weft
