#include "align/headings.h"

#include <algorithm>
#include <string_view>

#include "align/escapes.h"

namespace weft {
namespace {

bool is_digit(std::string_view text) {
  return text.size() == 1 && text[0] >= '0' && text[0] <= '9';
}

/// What stands on each line of an upright word: a character with the marks that take no column of
/// their own, or two digits, as in vertical Chinese and Japanese print.
std::vector<std::string> upright_characters(std::string_view word) {
  std::vector<std::string> characters;
  for (const auto next : visible_characters(word)) {
    const bool takes_no_column = display_width(next) == 0;
    const bool has_before = !characters.empty();
    if (has_before && (takes_no_column || (is_digit(characters.back()) && is_digit(next)))) {
      characters.back() += next;
    } else {
      characters.emplace_back(next);
    }
  }
  return characters;
}

std::vector<PictureLine> stair(std::span<const std::string> words, std::size_t left,
                               const CellStyle& cells) {
  std::vector<PictureLine> lines(words.size());
  for (std::size_t step = 0; step < words.size(); ++step) {
    lines[step].add_spaces_to(left);
    for (std::size_t column = 0; column < step; ++column) add_guide(lines[step], cells);
    lines[step].add(isolated(words[step]));
  }
  return lines;
}

/// Words stand on the picture: short ones begin lower.
std::vector<PictureLine> upright(std::span<const std::string> words, std::size_t left,
                                 const CellStyle& cells) {
  std::vector<std::vector<std::string>> columns;
  std::size_t height = 0;
  for (const std::string& word : words) {
    columns.push_back(upright_characters(word));
    height = std::max(height, columns.back().size());
  }
  std::vector<PictureLine> lines(height);
  for (std::size_t row = 0; row < height; ++row) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const std::size_t above = height - columns[column].size();
      lines[row].add_spaces_to(left + column * cells.width);
      if (row >= above) lines[row].add(isolated(columns[column][row - above]));
    }
  }
  return lines;
}

}  // namespace

HeadingStyle heading_style(const std::vector<std::string>& words) {
  constexpr std::size_t kTallest = 8;
  constexpr std::size_t kWide = 2;
  std::size_t characters = 0;
  std::size_t wide = 0;
  for (const std::string& word : words) {
    const auto column = upright_characters(word);
    if (column.size() > kTallest) return HeadingStyle::kStair;
    for (const std::string& character : column) {
      if (display_width(character) > kWide) return HeadingStyle::kStair;
      if (!is_digit(character.substr(0, 1)) && display_width(character) == kWide) ++wide;
    }
    characters += column.size();
  }
  return 2 * wide > characters ? HeadingStyle::kUpright : HeadingStyle::kStair;
}

std::vector<PictureLine> heading_lines(std::span<const std::string> words, HeadingStyle style,
                                       std::size_t left, const CellStyle& cells) {
  return style == HeadingStyle::kUpright ? upright(words, left, cells) : stair(words, left, cells);
}

}  // namespace weft
