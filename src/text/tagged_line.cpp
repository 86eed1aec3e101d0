#include <algorithm>

#include "text/vocabulary.h"

namespace weft {

EncodedLine encode_tagged(const Vocabulary& vocabulary, const std::string& tag,
                          std::string_view line, const SegmentationDraw& draw) {
  if (tag.empty()) return vocabulary.sample(line, draw);
  const std::size_t before = tag.size() + 1;
  auto encoded = vocabulary.sample(tag + ' ' + std::string(line), draw);
  bool says_anything = false;
  for (Span& span : encoded.spans) {
    says_anything |= span.end > before;
    span = {std::max(span.begin, before) - before, std::max(span.end, before) - before};
  }
  return says_anything ? encoded : EncodedLine{};
}

}  // namespace weft
