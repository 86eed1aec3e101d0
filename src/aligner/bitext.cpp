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

}  // namespace weft
