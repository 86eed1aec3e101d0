#include "app/attention_pictures.h"

#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "align/alignment_page.h"
#include "align/grid_attention.h"
#include "align/links.h"
#include "align/matrix_svg.h"
#include "align/svg_png.h"
#include "base/atomic_file.h"
#include "media/attention_files.h"

namespace weft {
namespace {

/// The words of a side with blanks between.
std::string text_of(const std::vector<AlignedToken>& tokens) {
  std::string text;
  for (const auto& token : tokens) text += (text.empty() ? "" : " ") + token.text;
  return text;
}

}  // namespace

AttentionPictures::AttentionPictures(std::string directory, SourceVocabulary source,
                                     std::optional<AlignmentFormat> only)
    : directory_(std::move(directory)), source_(std::move(source)), only_(only) {
  make_directories(directory_);
}

void AttentionPictures::write_matrix(std::size_t line, const AlignmentMatrix& matrix) const {
  char number[32];
  std::snprintf(number, sizeof number, "%05zu", line);
  const auto path = directory_ + "/" + number;
  const auto svg = render_svg(matrix);
  if (writes(AlignmentFormat::kSvg)) write_file_atomically(path + ".svg", svg);
  if (only_ == AlignmentFormat::kPng) write_file_atomically(path + ".png", svg_to_png(svg));
  if (!writes(AlignmentFormat::kHtml)) return;
  const PageFigure figure{text_of(matrix.source),
                          {{"", text_of(matrix.target), matrix, hard_links(matrix), std::nullopt}}};
  write_file_atomically(path + ".html",
                        page_beginning(number) + page_figure(line, figure) + page_end());
}

void AttentionPictures::write(std::size_t line, const AlignmentMatrix& matrix) const {
  if (matrix.rows() == 0 || matrix.columns() == 0) return;
  const auto& items = source_.items;
  if (items.is_text()) return write_matrix(line, matrix);
  const auto attention = grid_attention(matrix);
  if (attention.words.empty()) return;
  write_attention_files(directory_, {line, matrix.item},
                        {items.kind, items.root, items.image, items.audio}, attention,
                        {writes(AlignmentFormat::kPng), writes(AlignmentFormat::kSvg),
                         writes(AlignmentFormat::kHtml)});
}

}  // namespace weft
