#pragma once
// Entries of a model's vocabularies, and what stands for them where a source is not text.

#include <cstdint>
#include <vector>

#include "config/media_options.h"

namespace weft {

struct SourceSizes {
  int64_t vocabulary = 0;             ///< of text
  std::vector<int64_t> factors = {};  ///< of its words
  SourceKind kind = SourceKind::kText;
  int64_t width = 0;  ///< numbers of a vector; of a picture for a convolution, channels
};

struct VocabularySizes {
  std::vector<SourceSizes> sources;  ///< at least one
  int64_t target = 0;

  std::vector<SourceKind> kinds() const {
    std::vector<SourceKind> all;
    for (const auto& source : sources) all.push_back(source.kind);
    return all;
  }
};

}  // namespace weft
