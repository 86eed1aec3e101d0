#include "app/tag_keeper.h"

#include <cstddef>

#include "markup/tag_placement.h"

namespace weft {
namespace {

std::vector<Span> spans_of(const std::vector<AlignedToken>& tokens) {
  std::vector<Span> spans;
  for (const auto& token : tokens) spans.push_back(token.span);
  return spans;
}

}  // namespace

TagKeeper::TagKeeper(std::vector<std::string>& lines, Markup markup) {
  for (auto& line : lines) {
    lines_.push_back(take_out_tags(line, markup));
    line = lines_.back().text;
  }
}

std::vector<std::string> TagKeeper::put_back(std::size_t i, const TranslatedLine& line,
                                             const RenderOptions& links) const {
  std::vector<std::string> tagged;
  for (const auto& translation : line.n_best) {
    const auto matrix = drop_end_of_sentence(translation.alignment);
    tagged.push_back(put_in_tags(lines_[i], spans_of(matrix.source),
                                 {translation.text, spans_of(matrix.target)},
                                 select_links(matrix, links)));
  }
  return tagged;
}

}  // namespace weft
