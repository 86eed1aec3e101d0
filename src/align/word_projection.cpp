#include "align/word_projection.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace weft {
namespace {

/// The part of a piece that belongs to a word; the parts of one piece sum to 1.
struct Share {
  std::size_t piece = 0;
  std::size_t word = 0;
  double part = 0;
  bool covers = false;  ///< the piece holds bytes of the word
};

std::size_t overlap(const Span& a, const Span& b) {
  const std::size_t begin = std::max(a.begin, b.begin);
  const std::size_t end = std::min(a.end, b.end);
  return end > begin ? end - begin : 0;
}

/// The first word that ends after byte `begin`; words.size() if none does. Words stand in order.
std::size_t first_word_after(std::size_t begin, const std::vector<AlignedToken>& words) {
  const auto word = std::partition_point(
      words.begin(), words.end(),
      [begin](const AlignedToken& candidate) { return candidate.span.end <= begin; });
  return static_cast<std::size_t>(word - words.begin());
}

void share_piece(std::size_t piece, const Span& span, const std::vector<AlignedToken>& words,
                 std::vector<Share>& shares) {
  const std::size_t first = first_word_after(span.begin, words);
  std::size_t end = first;
  std::size_t covered = 0;
  for (; end < words.size() && words[end].span.begin < span.end; ++end)
    covered += overlap(span, words[end].span);
  if (covered == 0) {
    shares.push_back({piece, std::min(first, words.size() - 1), 1.0, false});
    return;
  }
  for (std::size_t word = first; word < end; ++word) {
    const std::size_t bytes = overlap(span, words[word].span);
    if (bytes == 0) continue;
    shares.push_back(
        {piece, word, static_cast<double>(bytes) / static_cast<double>(covered), true});
  }
}

/// Shares of all pieces; an end-of-sentence piece belongs to the word after the last, itself.
std::vector<Share> share_pieces(const std::vector<AlignedToken>& pieces,
                                const std::vector<AlignedToken>& words) {
  std::vector<Share> shares;
  for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
    if (pieces[piece].end_of_sentence) {
      shares.push_back({piece, words.size(), 1.0, true});
    } else if (!words.empty()) {
      share_piece(piece, pieces[piece].span, words, shares);
    }
  }
  return shares;
}

std::vector<AlignedToken> with_end_of_sentence(std::vector<AlignedToken> words,
                                               const std::vector<AlignedToken>& pieces) {
  if (!pieces.empty() && pieces.back().end_of_sentence) words.push_back(pieces.back());
  return words;
}

/// Columns of pieces summed into columns of words: [T, source pieces] -> [T, columns].
std::vector<double> sum_columns(const AlignmentMatrix& pieces, const std::vector<Share>& shares,
                                std::size_t columns) {
  std::vector<double> sums(pieces.rows() * columns, 0.0);
  for (std::size_t row = 0; row < pieces.rows(); ++row) {
    for (const Share& share : shares) {
      sums[row * columns + share.word] += share.part * pieces.at(row, share.piece);
    }
  }
  return sums;
}

/// For each target word the shares that speak for it: those that cover it, or all if none does.
std::vector<std::vector<Share>> speaking_for(std::size_t words, const std::vector<Share>& shares) {
  std::vector<std::vector<Share>> covering(words), others(words);
  for (const Share& share : shares) (share.covers ? covering : others)[share.word].push_back(share);
  for (std::size_t word = 0; word < words; ++word) {
    if (covering[word].empty()) covering[word] = std::move(others[word]);
  }
  return covering;
}

}  // namespace

AlignmentMatrix project(const AlignmentMatrix& pieces,
                        const std::vector<AlignedToken>& source_words,
                        const std::vector<AlignedToken>& target_words) {
  check_matrix(pieces);
  AlignmentMatrix words{with_end_of_sentence(source_words, pieces.source),
                        with_end_of_sentence(target_words, pieces.target),
                        {}};
  const std::size_t columns = words.columns();
  const auto summed = sum_columns(pieces, share_pieces(pieces.source, source_words), columns);
  const auto target_shares = speaking_for(words.rows(), share_pieces(pieces.target, target_words));
  words.weights.reserve(words.rows() * columns);
  for (std::size_t word = 0; word < words.rows(); ++word) {
    const std::vector<Share>& shares = target_shares[word];
    double total = 0;
    for (const Share& share : shares) total += share.part;
    for (std::size_t column = 0; column < columns; ++column) {
      double weighted = 0;
      for (const Share& share : shares)
        weighted += share.part * summed[share.piece * columns + column];
      words.weights.push_back(static_cast<float>(shares.empty() ? 1.0 / static_cast<double>(columns)
                                                                : weighted / total));
    }
  }
  return words;
}

}  // namespace weft
