#include "data/soft_links.h"

#include <algorithm>
#include <numeric>

namespace weft {
namespace {

/// The part of a piece's or a word's bytes that it shares with the other.
struct ByteShare {
  std::size_t piece = 0;
  float part = 0;
};

/// The pieces of each word.
using WordPieces = std::vector<std::vector<ByteShare>>;

std::size_t common_bytes(const Span& a, const Span& b) {
  const std::size_t begin = std::max(a.begin, b.begin);
  const std::size_t end = std::min(a.end, b.end);
  return end > begin ? end - begin : 0;
}

/// b(piece, word) of every piece with every word. The ends of words do not decrease; the pieces may
/// come from right to left.
WordPieces pieces_of(const std::vector<Span>& words, const std::vector<Span>& pieces) {
  WordPieces shares(words.size());
  for (std::size_t piece = 0; piece < pieces.size(); ++piece) {
    const auto first = std::partition_point(words.begin(), words.end(), [&](const Span& word) {
      return word.end <= pieces[piece].begin;
    });
    for (auto word = static_cast<std::size_t>(first - words.begin());
         word < words.size() && words[word].begin < pieces[piece].end; ++word) {
      const std::size_t bytes = common_bytes(pieces[piece], words[word]);
      if (bytes > 0) shares[word].push_back({piece, static_cast<float>(bytes)});
    }
  }
  return shares;
}

/// A word is shared out to its pieces.
void divide_words(WordPieces& shares) {
  for (auto& of_word : shares) {
    float bytes = 0;
    for (const auto& share : of_word) bytes += share.part;
    for (auto& share : of_word) share.part /= bytes;
  }
}

/// A piece is shared out to its words.
void divide_pieces(WordPieces& shares, std::size_t pieces) {
  std::vector<float> bytes(pieces, 0.0F);
  for (const auto& of_word : shares)
    for (const auto& share : of_word) bytes[share.piece] += share.part;
  for (auto& of_word : shares)
    for (auto& share : of_word) share.part /= bytes[share.piece];
}

}  // namespace

void guide_attention(const PairLinks& links, const PieceSpans& pieces, int64_t columns,
                     float* rows) {
  auto sources = pieces_of(links.source, pieces.source);
  auto targets = pieces_of(links.target, pieces.target);
  divide_words(sources);
  divide_pieces(targets, pieces.target.size());
  const auto row = [&](std::size_t t) { return rows + static_cast<int64_t>(t) * columns; };
  for (const auto& link : links.links) {
    const float strength = static_cast<float>(link.strength) / 255.0F;
    for (const auto& target : targets[link.target])
      for (const auto& source : sources[link.source])
        row(target.piece)[source.piece] += strength * target.part * source.part;
  }
  for (std::size_t t = 0; t < pieces.target.size(); ++t) {
    const float mass = std::accumulate(row(t), row(t) + columns, 0.0F);
    for (int64_t s = 0; s < columns && mass > 1; ++s) row(t)[s] /= mass;
  }
  row(pieces.target.size())[pieces.source.size()] = 1;
}

void guide_to_places(const PairLinks& links, const std::vector<Span>& pieces, int64_t columns,
                     float* rows) {
  std::vector<float> sums(links.target.size(), 0.0F);
  for (const auto& link : links.links) sums[link.target] += link.strength;
  auto targets = pieces_of(links.target, pieces);
  for (std::size_t word = 0; word < sums.size(); ++word)
    if (sums[word] == 0) targets[word].clear();
  divide_pieces(targets, pieces.size());
  for (const auto& link : links.links) {
    const float part = link.strength / sums[link.target];
    for (const auto& target : targets[link.target])
      rows[static_cast<int64_t>(target.piece) * columns + link.source] += part * target.part;
  }
}

}  // namespace weft
