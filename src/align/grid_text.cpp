#include "align/grid_text.h"

#include <algorithm>

#include "align/escapes.h"
#include "align/picture_line.h"
#include "align/shading.h"

namespace weft {
namespace {

constexpr std::size_t kTileGap = 2;

/// The weights with at most `most` columns: of neighbours that share one, the largest counts.
std::vector<float> with_fewer_columns(const std::vector<float>& weights, std::size_t columns,
                                      std::size_t most) {
  if (columns <= most) return weights;
  std::vector<float> fewer(weights.size() / columns * most);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    float& cell = fewer[i / columns * most + i % columns * most / columns];
    cell = std::max(cell, weights[i]);
  }
  return fewer;
}

std::string word_label(const std::string& word, std::size_t width) {
  return isolated(truncate_to_width(shown(word), width));
}

/// Sound: words down, time across.
std::string draw_strips(const GridAttention& attention, const TextOptions& options) {
  const CellStyle style{options.colour, false, 2};
  std::size_t left = 0;
  for (const auto& word : attention.words)
    left =
        std::max(left, display_width(truncate_to_width(shown(word), options.terminal_width / 3)));
  const std::size_t most =
      std::max<std::size_t>(1, (options.terminal_width - left - 1) / style.width);
  std::string text;
  for (std::size_t word = 0; word < attention.words.size(); ++word) {
    PictureLine line;
    line.add(
        pad_left_to_width(word_label(attention.words[word], options.terminal_width / 3), left));
    line.add(" ");
    for (const float weight : with_fewer_columns(relative_weights(attention, word),
                                                 static_cast<std::size_t>(attention.columns), most))
      add_cell(line, weight, style);
    text += line.text + '\n';
  }
  return text;
}

/// One row of tiles: words [first, first + count).
std::string draw_tiles(const GridAttention& attention, std::size_t first, std::size_t count,
                       std::size_t columns, const CellStyle& style) {
  const std::size_t width = columns * style.width;
  PictureLine names;
  std::vector<std::vector<float>> weights;
  for (std::size_t i = 0; i < count; ++i) {
    names.add_spaces_to(i * (width + kTileGap));
    names.add(word_label(attention.words[first + i], width));
    weights.push_back(with_fewer_columns(relative_weights(attention, first + i),
                                         static_cast<std::size_t>(attention.columns), columns));
  }
  std::string text = names.text + '\n';
  for (std::size_t row = 0; row < static_cast<std::size_t>(attention.rows); ++row) {
    PictureLine line;
    for (std::size_t i = 0; i < count; ++i) {
      line.add_spaces_to(i * (width + kTileGap));
      for (std::size_t column = 0; column < columns; ++column)
        add_cell(line, weights[i][row * columns + column], style);
    }
    text += line.text + '\n';
  }
  return text;
}

}  // namespace

std::string render_grid_text(const GridAttention& attention, const TextOptions& options) {
  check_grid(attention);
  if (attention.rows == 1) return draw_strips(attention, options);
  const CellStyle style{options.colour, false, 2};
  const std::size_t columns =
      std::min(static_cast<std::size_t>(attention.columns),
               std::max<std::size_t>(1, options.terminal_width / style.width));
  const std::size_t tile = columns * style.width + kTileGap;
  const std::size_t in_row = std::max<std::size_t>(1, (options.terminal_width + kTileGap) / tile);
  std::string text;
  for (std::size_t first = 0; first < attention.words.size(); first += in_row) {
    if (first > 0) text += '\n';
    text += draw_tiles(attention, first, std::min(in_row, attention.words.size() - first), columns,
                       style);
  }
  return text;
}

}  // namespace weft
