#include "align/word_projection.h"

#include <algorithm>
#include <cstddef>

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

/// The first word that ends after `piece` begins, or the last word.
std::size_t next_word(const Span& piece, const std::vector<AlignedToken>& words) {
  for (std::size_t word = 0; word < words.size(); ++word) {
    if (words[word].span.end > piece.begin) return word;
  }
  return words.size() - 1;
}

void share_piece(std::size_t piece, const Span& span, const std::vector<AlignedToken>& words,
                 std::vector<Share>& shares) {
  std::size_t covered = 0;
  for (const AlignedToken& word : words) covered += overlap(span, word.span);
  if (covered == 0) {
    shares.push_back({piece, next_word(span, words), 1.0, false});
    return;
  }
  for (std::size_t word = 0; word < words.size(); ++word) {
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

/// Keeps the shares that speak for a target word: those that cover it, or all if none does.
std::vector<Share> speaking_for(std::size_t word, const std::vector<Share>& shares) {
  std::vector<Share> covering, others;
  for (const Share& share : shares) {
    if (share.word == word) (share.covers ? covering : others).push_back(share);
  }
  return covering.empty() ? others : covering;
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
  const auto target_shares = share_pieces(pieces.target, target_words);
  words.weights.reserve(words.rows() * columns);
  for (std::size_t word = 0; word < words.rows(); ++word) {
    const std::vector<Share> shares = speaking_for(word, target_shares);
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
