#pragma once
// Word alignment of lines of text: from words in a line to what the aligner counts, and back.

#include <cstddef>
#include <string_view>
#include <vector>

#include "aligner/bitext.h"
#include "base/span.h"
#include "base/words.h"

namespace weft {

/// A line as the aligner takes it.
struct AlignerLine {
  std::vector<Span> words;           ///< as a person counts them
  std::vector<Span> tokens;          ///< as the aligner does
  std::vector<std::size_t> word_of;  ///< of each token
};

/// How a line is cut.
struct AlignerCutting {
  WordSplitting words = WordSplitting::kAuto;
  /// Words are cut further, by tokens_of(). Not if somebody cut the whole text into tokens before.
  bool tokens = true;
};

/// `line` is valid UTF-8.
AlignerLine aligner_line(std::string_view line, AlignerCutting cutting = {});

/// Appends a sentence pair.
void add_pair(Bitext& bitext, std::string_view source, const AlignerLine& source_tokens,
              std::string_view target, const AlignerLine& target_tokens);

}  // namespace weft
