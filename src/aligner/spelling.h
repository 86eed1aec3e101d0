#pragma once
// Words that translate each other by how they are written.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "aligner/bitext.h"
#include "aligner/pair_index.h"
#include "base/worker_pool.h"

namespace weft {

/// For each pair of words how alike they are, in [0, 1]: 1 if their keys are the same, or the
/// digits in them are. With `romanize` also names: if both are rare (at most 30 times in the text),
/// what ICU writes for them in Latin letters ("新华" as "xinhua") is compared by its pairs of
/// letters; Dice's coefficient above 0.45 counts, rescaled to begin at 0.
std::vector<float> spelling_likeness(const Bitext& bitext, const PairIndex& pairs, bool romanize,
                                     WorkerPool& pool);

/// What of a word is compared.
struct WordSpelling {
  std::string key;
  std::string digits;                  ///< in it
  std::vector<std::uint16_t> letters;  ///< its pairs of letters; none if names are not compared
};

/// Finds out how words are spelt. Not for several threads at once.
class Speller {
 public:
  Speller();
  ~Speller();
  WordSpelling operator()(const std::string& key, bool with_letters);

 private:
  class Romanizer;
  std::unique_ptr<Romanizer> romanizer_;
};

/// How alike two words are, as above.
float spelling_likeness(const WordSpelling& source, const WordSpelling& target);

/// Words that stand more often in a text are not compared as names.
constexpr std::uint32_t kRareWord = 30;

}  // namespace weft
