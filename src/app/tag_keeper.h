#pragma once
// Translating around tags: they are taken out of the lines and put into the translations.

#include <string>
#include <vector>

#include "align/renderer.h"
#include "markup/tagged_line.h"
#include "search/translator.h"

namespace weft {

/// The tags of some lines.
class TagKeeper {
 public:
  /// Takes them out of the lines.
  explicit TagKeeper(std::vector<std::string>& lines, Markup markup = Markup::kXml);

  /// The translations of line i with its tags in them, where the word alignment says that they
  /// belong.
  std::vector<std::string> put_back(std::size_t i, const TranslatedLine& line,
                                    const RenderOptions& links) const;

 private:
  std::vector<TaggedLine> lines_;
};

}  // namespace weft
