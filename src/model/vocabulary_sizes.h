#pragma once
// Entries of a model's vocabularies.

#include <cstdint>
#include <vector>

namespace weft {

struct SourceSizes {
  int64_t vocabulary = 0;
  std::vector<int64_t> factors = {};  ///< of its words
};

struct VocabularySizes {
  std::vector<SourceSizes> sources;  ///< at least one
  int64_t target = 0;
};

}  // namespace weft
