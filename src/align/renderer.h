#pragma once
// An alignment in the form that a person or another program asked for.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "align/alignment_matrix.h"
#include "align/links.h"
#include "align/text_renderer.h"
#include "base/enum_names.h"

namespace weft {

enum class AlignmentFormat {
  kHard,    ///< Pharaoh links on one line: "0-0 1-2"
  kSoft,    ///< Marian's form on one line: "p,p,p p,p,p", one group per target token
  kMatrix,  ///< the Nematus block that alignment viewers read
  kJson,    ///< one object on one line
  kText,    ///< a picture for a terminal
  kHtml,    ///< a figure of a page (align/alignment_page.h)
  kSvg,     ///< a file of its own (align/matrix_svg.h)
  kPng,     ///< the same drawn
};

/// Whether every sentence is a file of its own.
constexpr bool is_file_each(AlignmentFormat format) {
  return format == AlignmentFormat::kSvg || format == AlignmentFormat::kPng;
}

constexpr auto enum_names(AlignmentFormat) {
  return std::array{
      EnumName{AlignmentFormat::kHard, "hard"},     EnumName{AlignmentFormat::kSoft, "soft"},
      EnumName{AlignmentFormat::kMatrix, "matrix"}, EnumName{AlignmentFormat::kJson, "json"},
      EnumName{AlignmentFormat::kText, "text"},     EnumName{AlignmentFormat::kHtml, "html"},
      EnumName{AlignmentFormat::kSvg, "svg"},       EnumName{AlignmentFormat::kPng, "png"}};
}

/// What the formats say about a sentence pair besides its matrix.
struct AlignmentContext {
  std::size_t id = 0;            ///< number of the sentence, from 0
  std::optional<double> score;   ///< natural logarithm of the probability, as the search gave it
  std::string_view source_line;  ///< the lines that the tokens' spans refer to
  std::string_view target_line;
  std::string_view from = {};  ///< "attention" (json says what it is worth) or "aligner"; or not
                               ///< said
  std::optional<std::string_view> tagged;  ///< the target line with the source's tags in it
};

struct RenderOptions {
  std::optional<float> link_threshold;  ///< links above this weight, in [0, 1]; none: hard_links()
  TextOptions text;
};

/// The links that hard and json show.
std::vector<Link> select_links(const AlignmentMatrix& matrix, const RenderOptions& options);

/// The matrix in `format`, as it stands: call project() and drop_end_of_sentence() first for words.
/// Without a last newline: hard, soft and json are one line; matrix, text and html are several,
/// each ended, so that the caller's newline leaves an empty line between two sentences. Throws
/// UserError as svg_to_png() does, std::invalid_argument as check_matrix() does, std::out_of_range
/// if json's spans leave the lines.
std::string render(const AlignmentMatrix& matrix, const AlignmentContext& context,
                   AlignmentFormat format, const RenderOptions& options = {});

}  // namespace weft
