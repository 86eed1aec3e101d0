#pragma once
// From the attention of a hypothesis to the alignment matrix that people and programs read.

#include <torch/types.h>

#include <string>
#include <vector>

#include "align/alignment_matrix.h"
#include "base/span.h"
#include "search/alignment_options.h"

namespace weft {

/// One side of a sentence pair.
struct TokenizedLine {
  std::string line;
  std::vector<std::string> pieces;  ///< without the end of sentence
  std::vector<Span> spans;          ///< where the pieces stand in the line
  std::vector<Span> words;          ///< in the line: what AlignmentUnit::kWord shows
};

/// Throws UserError if there is none.
void require_attention(bool has_attention);

/// attention float [T, S] on the CPU. S = source pieces + 1 (the end of sentence); T = target
/// pieces, or one more if the end of sentence was produced.
AlignmentMatrix make_alignment(const torch::Tensor& attention, const TokenizedLine& source,
                               const TokenizedLine& target, const AlignmentOptions& options);

}  // namespace weft
