#pragma once
// Connected digits as files.

#include <cstdint>
#include <string>

#include "spoken-digits/digits.h"

namespace weft::digits {

struct CorpusOptions {
  std::string recordings;  ///< the folder of the takes
  std::string output;
  int64_t train = 6000;
  int64_t valid = 500;
  int64_t test = 500;
  std::string unseen_speaker = "theo";  ///< whom training does not hear; empty: nobody
  int64_t unseen = 500;
  uint64_t seed = 1;
  TakeChanges changes = {};  ///< of training utterances
};

/// Writes, for each part: PART/00000.wav ..., PART.sounds (their names), PART.en and
/// PART.en.regions, JSON Lines. Takes 0 to 4 are for test, as their makers want it, 5 to 9 for
/// valid, the others for train; the part "unseen" has all takes of the unseen speaker. Throws
/// UserError if it cannot.
void write_corpus(const CorpusOptions& options);

}  // namespace weft::digits
