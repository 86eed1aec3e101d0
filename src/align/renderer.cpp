#include "align/renderer.h"

#include <stdexcept>

#include "align/alignment_page.h"
#include "align/grid_text.h"
#include "align/json_renderer.h"
#include "align/matrix_renderer.h"
#include "align/matrix_svg.h"
#include "align/pharaoh.h"
#include "align/soft_renderer.h"
#include "align/svg_png.h"

namespace weft {
namespace {

std::optional<double> score_per_word(const AlignmentContext& context,
                                     const AlignmentMatrix& matrix) {
  if (!context.score || matrix.rows() == 0) return std::nullopt;
  return *context.score / static_cast<double>(matrix.rows());
}

}  // namespace

std::vector<Link> select_links(const AlignmentMatrix& matrix, const RenderOptions& options) {
  return options.link_threshold ? threshold_links(matrix, *options.link_threshold)
                                : hard_links(matrix);
}

std::string render(const AlignmentMatrix& matrix, const AlignmentContext& context,
                   AlignmentFormat format, const RenderOptions& options) {
  check_matrix(matrix);
  switch (format) {
    case AlignmentFormat::kHard:
      return format_pharaoh(select_links(matrix, options));
    case AlignmentFormat::kSoft:
      return render_soft(matrix);
    case AlignmentFormat::kMatrix:
      return render_matrix(matrix, context);
    case AlignmentFormat::kJson:
      return render_json(matrix, context, select_links(matrix, options));
    case AlignmentFormat::kText:
      return matrix.item.empty() ? render_text(matrix, options.text)
                                 : render_grid_text(grid_attention(matrix), options.text);
    case AlignmentFormat::kHtml:
      return page_figure(context.id + 1,
                         {std::string(context.source_line),
                          {{"", std::string(context.target_line), matrix,
                            select_links(matrix, options), score_per_word(context, matrix)}}});
    case AlignmentFormat::kSvg:
      return render_svg(matrix);
    case AlignmentFormat::kPng: {
      const auto svg = render_svg(matrix);
      return svg.empty() ? "" : svg_to_png(svg);
    }
  }
  throw std::logic_error("unknown alignment format");
}

}  // namespace weft
