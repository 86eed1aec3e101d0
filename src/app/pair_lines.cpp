#include "app/pair_lines.h"

#include <optional>
#include <string_view>

namespace weft {

LinePair split_pair(const std::string& line, const Location& where) {
  constexpr std::string_view kSeparator = " ||| ";
  // A blank side leaves no blank beside the bars.
  const std::string padded = ' ' + line + ' ';
  const auto bars = padded.find(kSeparator);
  if (bars == std::string::npos || padded.find(kSeparator, bars + 1) != std::string::npos) {
    throw UserError(where, std::string(bars == std::string::npos ? "no" : "more than one") +
                               " '|||' between blanks; expected 'source ||| target'");
  }
  return {padded.substr(0, bars), padded.substr(bars + kSeparator.size())};
}

std::vector<LinePair> PairLines::take(std::size_t most) {
  auto window = lines_.take(most);
  std::vector<LinePair> pairs;
  for (std::size_t i = 0; i < window.count(); ++i) {
    if (is_corpus_) {
      pairs.push_back(split_pair(window.files[0][i], lines_.location(0, i)));
    } else {
      pairs.emplace_back(std::move(window.files[0][i]), std::move(window.files[1][i]));
    }
  }
  return pairs;
}

}  // namespace weft
