#pragma once
// Corpora of given ids.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include "data/corpus.h"

namespace weft {

using IdLines = std::vector<std::vector<int32_t>>;

/// The line of a pair is its number, from 1.
inline ParallelCorpus corpus_of(const IdLines& sources, const IdLines& targets) {
  PairStore store(std::filesystem::temp_directory_path().string());
  std::vector<EncodedPair> pairs;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    pairs.push_back({{{sources[i]}}, targets.at(i), static_cast<int64_t>(i) + 1});
  }
  store.add(pairs);
  return ParallelCorpus(std::move(store));
}

/// `pairs` pairs of 1 to 7 source tokens and 1 to 5 target tokens.
inline ParallelCorpus corpus_of(int32_t pairs) {
  IdLines sources, targets;
  for (int32_t i = 0; i < pairs; ++i) {
    sources.emplace_back(static_cast<std::size_t>(1 + i % 7), 4 + i);
    targets.emplace_back(static_cast<std::size_t>(1 + i % 5), 4 + i);
  }
  return corpus_of(sources, targets);
}

}  // namespace weft
