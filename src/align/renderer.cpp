#include "align/renderer.h"

#include <array>
#include <stdexcept>
#include <utility>

#include "align/json_renderer.h"
#include "align/matrix_renderer.h"
#include "align/pharaoh.h"
#include "align/soft_renderer.h"
#include "base/error.h"

namespace weft {

AlignmentFormat alignment_format(const std::string& name) {
  static const std::array<std::pair<std::string, AlignmentFormat>, 5> kFormats{
      {{"hard", AlignmentFormat::kHard},
       {"soft", AlignmentFormat::kSoft},
       {"matrix", AlignmentFormat::kMatrix},
       {"json", AlignmentFormat::kJson},
       {"text", AlignmentFormat::kText}}};
  std::vector<std::string> names;
  for (const auto& [known, format] : kFormats) {
    if (known == name) return format;
    names.push_back(known);
  }
  const std::string nearest = nearest_name(name, names);
  throw UserError("unknown alignment format '" + name +
                  "'; expected hard, soft, matrix, json or text" +
                  (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"));
}

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
      return render_text(matrix, options.text);
  }
  throw std::logic_error("unknown alignment format");
}

}  // namespace weft
