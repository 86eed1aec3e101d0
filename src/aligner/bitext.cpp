#include "aligner/bitext.h"

namespace weft {

void TextSide::add(std::span<const std::string_view> words) {
  for (const auto word : words) {
    const auto id = types_.add(word);
    words_.push_back(id);
    if (id == frequencies_.size()) frequencies_.push_back(0);
    ++frequencies_[id];
  }
  begins_.push_back(words_.size());
}

double Bitext::occurrences() const {
  const std::size_t types = source.types().size() + target.types().size();
  const std::size_t words = source.begin(source.sentences()) + target.begin(target.sentences());
  return types == 0 ? 0.0 : static_cast<double>(words) / static_cast<double>(types);
}

}  // namespace weft
