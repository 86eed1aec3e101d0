#pragma once
// From the attention of a hypothesis to the alignment matrix that people and programs read.

#include <torch/types.h>

#include <string>
#include <vector>

#include "align/alignment_matrix.h"
#include "base/span.h"
#include "config/training_options.h"
#include "search/alignment_options.h"

namespace weft {

/// One side of a sentence pair.
struct TokenizedLine {
  std::string line;
  std::vector<std::string> pieces;  ///< without the end of sentence
  std::vector<Span> spans;          ///< where the pieces stand in the line
  std::vector<Span> words;          ///< in the line: what AlignmentUnit::kWord shows
  bool has_end = true;              ///< of a source: attention is over an end of sentence too
};

/// What of a model alignments are made from.
enum class ModelWeights { kNone, kAttention, kHead };

/// Those that `from` needs. Throws UserError if the model does not have them.
ModelWeights weights_for(AlignmentFrom from, bool has_attention, bool has_head);

/// What is shown of a matrix over the pieces of two lines, with the end of sentence of the source:
/// rows shifted, words instead of pieces, without the end of sentence, as `options` say.
AlignmentMatrix shown_alignment(AlignmentMatrix pieces, const std::string& source_line,
                                const std::vector<Span>& source_words,
                                const std::string& target_line,
                                const std::vector<Span>& target_words,
                                const AlignmentOptions& options);

/// The rows of attention [T, S] of a target that was written from its last token to its first, in
/// the order of the line. The row of the end of sentence, if `has_end`, stays the last.
torch::Tensor with_tokens_reversed(const torch::Tensor& attention, bool has_end = true);

/// attention float [T, S] on the CPU. S = source pieces + 1 (the end of sentence, if there is one);
/// T = target pieces, or one more if the end of sentence was produced.
AlignmentMatrix make_alignment(const torch::Tensor& attention, const TokenizedLine& source,
                               const TokenizedLine& target, const AlignmentOptions& options);

}  // namespace weft
