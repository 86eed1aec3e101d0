#pragma once
// Short ways to write the tokens and matrices of tests.

#include <string>
#include <utility>
#include <vector>

#include "align/alignment_matrix.h"
#include "base/words.h"

namespace weft {

/// The whitespace-separated words of a line.
inline std::vector<AlignedToken> words_of(const std::string& line) {
  std::vector<AlignedToken> words;
  for (const Span& span : split_whitespace(line)) {
    words.push_back({line.substr(span.begin, span.end - span.begin), span});
  }
  return words;
}

/// Tokens of `line` with the given byte spans.
inline std::vector<AlignedToken> tokens_of(const std::string& line,
                                           const std::vector<Span>& spans) {
  std::vector<AlignedToken> tokens;
  for (const Span& span : spans) {
    tokens.push_back({line.substr(span.begin, span.end - span.begin), span});
  }
  return tokens;
}

inline AlignedToken end_of_sentence(std::size_t offset) { return {"</s>", {offset, offset}, true}; }

inline AlignmentMatrix matrix_of(const std::string& source, const std::string& target,
                                 std::vector<float> weights) {
  return {words_of(source), words_of(target), std::move(weights)};
}

}  // namespace weft
