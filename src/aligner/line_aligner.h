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

/// Words as `splitting` finds them. With kAuto they are cut into tokens (tokens_of()); with
/// kWhitespace, when somebody cut the line before, words are taken as they are. `line` is valid
/// UTF-8.
AlignerLine aligner_line(std::string_view line, WordSplitting splitting);

/// Appends a sentence pair.
void add_pair(Bitext& bitext, std::string_view source, const AlignerLine& source_tokens,
              std::string_view target, const AlignerLine& target_tokens);

}  // namespace weft
