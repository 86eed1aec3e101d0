#include "search/alignment.h"

#include <torch/types.h>

#include <utility>

#include "align/row_shift.h"
#include "align/word_projection.h"
#include "base/error.h"

namespace weft {
namespace {

std::vector<AlignedToken> piece_tokens(const TokenizedLine& side, bool with_end) {
  std::vector<AlignedToken> tokens;
  for (std::size_t i = 0; i < side.pieces.size(); ++i)
    tokens.push_back({side.pieces[i], side.spans[i]});
  if (with_end) tokens.push_back({"</s>", {side.line.size(), side.line.size()}, true});
  return tokens;
}

std::vector<AlignedToken> word_tokens(const std::string& line, const std::vector<Span>& words) {
  std::vector<AlignedToken> tokens;
  for (const auto& word : words)
    tokens.push_back({line.substr(word.begin, word.end - word.begin), word});
  return tokens;
}

}  // namespace

ModelWeights weights_for(AlignmentFrom from, bool has_attention, bool has_head) {
  const bool any = from == AlignmentFrom::kCombined;
  if (from == AlignmentFrom::kAligner) return ModelWeights::kNone;
  if (has_head && (any || from == AlignmentFrom::kHead)) return ModelWeights::kHead;
  if (has_attention && (any || from == AlignmentFrom::kAttention)) return ModelWeights::kAttention;
  if (from == AlignmentFrom::kHead)
    throw UserError(
        "alignments are to be from the head, but the model has none (model.alignment_head.width is "
        "0)");
  throw UserError(
      "the model has no attention (model.attention.score is none), so it has no alignments");
}

torch::Tensor with_tokens_reversed(const torch::Tensor& attention, bool has_end) {
  const int64_t tokens = attention.size(0) - (has_end ? 1 : 0);
  return torch::cat(
      {attention.narrow(0, 0, tokens).flip(0), attention.narrow(0, tokens, has_end ? 1 : 0)});
}

AlignmentMatrix make_alignment(const torch::Tensor& attention, const TokenizedLine& source,
                               const TokenizedLine& target, const AlignmentOptions& options) {
  const auto rows = static_cast<std::size_t>(attention.size(0));
  AlignmentMatrix matrix{
      piece_tokens(source, source.has_end), piece_tokens(target, rows > target.pieces.size()), {}};
  TORCH_CHECK(
      rows == matrix.rows() && static_cast<std::size_t>(attention.size(1)) == matrix.columns(),
      "attention ", attention.sizes(), " does not fit ", matrix.rows(), " target and ",
      matrix.columns(), " source tokens");
  const auto weights = attention.contiguous();
  matrix.weights.assign(weights.data_ptr<float>(), weights.data_ptr<float>() + weights.numel());
  return shown_alignment(std::move(matrix), source.line, source.words, target.line, target.words,
                         options);
}

AlignmentMatrix shown_alignment(AlignmentMatrix pieces, const std::string& source_line,
                                const std::vector<Span>& source_words,
                                const std::string& target_line,
                                const std::vector<Span>& target_words,
                                const AlignmentOptions& options) {
  auto matrix = shift_rows(std::move(pieces), options.shift);
  if (options.unit == AlignmentUnit::kWord) {
    matrix = project(matrix, word_tokens(source_line, source_words),
                     word_tokens(target_line, target_words));
  }
  return options.end_of_sentence == EndOfSentence::kDrop ? drop_end_of_sentence(matrix) : matrix;
}

}  // namespace weft
