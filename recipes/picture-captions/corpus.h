#pragma once
// Scenes with captions as files.

#include <cstdint>
#include <string>

namespace weft::scenes {

struct CorpusSizes {
  int64_t train = 6000;
  int64_t valid = 500;
  int64_t test = 500;
  int64_t unseen = 500;  ///< with purple stars, which the others do not have
};

/// Writes, for each part: PART/00000.png ..., PART.images (their names), PART.en, PART.zh, and
/// PART.en.regions and PART.zh.regions, JSON Lines. Captions of valid and test are not in train.
/// Throws UserError if it cannot.
void write_corpus(const CorpusSizes& sizes, uint64_t seed, const std::string& directory);

}  // namespace weft::scenes
