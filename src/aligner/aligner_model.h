#pragma once
// What an aligner has learnt from a text: enough to align pairs that were not in it.

#include <cstdint>
#include <string>
#include <vector>

#include "aligner/lexicon_options.h"
#include "aligner/move_options.h"
#include "aligner/word_types.h"

namespace weft {

struct AlignerModel {
  /// A word type and what was counted of it.
  struct Word {
    std::string key;
    std::uint32_t frequency = 0;
    float linked = 0.0f;     ///< n(e): expected links
    float nothing = 0.0f;    ///< n0(e): expected times that it was linked to nothing
    float fertility = 0.0f;  ///< expected words of the other language that came from it
  };
  /// n(e, f), of those worth keeping.
  struct Pair {
    WordTypes::Id source = 0;
    WordTypes::Id target = 0;
    float count = 0.0f;
  };

  LexiconOptions options;
  MoveOptions moves;
  std::size_t jump_classes = 0;
  bool romanize = true;
  bool hmm = true;                   ///< otherwise model 1 alone
  bool fertility = false;            ///< that of the words is known
  bool cuts_tokens = true;           ///< words were cut into tokens (AlignerCutting)
  std::vector<Word> source, target;  ///< by number of the type
  std::vector<Pair> pairs;           ///< sorted by source
  std::vector<float> forward_jumps, backward_jumps;      ///< JumpTable::weights()
  std::vector<float> forward_factors, backward_factors;  ///< of JumpModels; empty: all are 1
};

}  // namespace weft
