#include "train/pair_places.h"

#include <algorithm>
#include <map>

namespace weft {

std::string places_of(const ParallelCorpus& corpus, const std::vector<int64_t>& pairs,
                      std::size_t most) {
  std::map<std::string, std::vector<int>> lines;
  for (const int64_t pair : pairs) {
    const auto place = corpus.source_location(pair);
    lines[place.file].push_back(place.line);
  }
  std::string text;
  std::size_t told = 0;
  for (auto& [file, numbers] : lines) {
    std::sort(numbers.begin(), numbers.end());
    for (std::size_t i = 0; i < numbers.size() && told < most; ++i, ++told) {
      if (i == 0) text += (text.empty() ? "" : "; ") + file + ":";
      text += (i == 0 ? "" : ", ") + std::to_string(numbers[i]);
    }
  }
  if (pairs.size() > told) text += " and " + std::to_string(pairs.size() - told) + " more";
  return text;
}

}  // namespace weft
