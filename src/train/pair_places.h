#pragma once
// Where pairs stand in the files of a person.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/corpus.h"

namespace weft {

/// Source files and the numbers of their lines, in order: "a.de:3, 17; b.de:2"; of more than `most`
/// pairs the first ones "and 12 more". The corpus must know the places of its pairs.
std::string places_of(const ParallelCorpus& corpus, const std::vector<int64_t>& pairs,
                      std::size_t most);

}  // namespace weft
