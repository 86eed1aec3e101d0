#pragma once
// What a model reads: a few sentences side by side, padded at the end.

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace weft {

/// What an encoder takes of B sentences: token ids [B, S] (or, for sources that are not text,
/// feature vectors or pictures) and a mask [B, S], true at tokens. Every row has at least one
/// token.
struct Source {
  torch::Tensor ids;       ///< int64 [B, S], end of sentence included; undefined but for text
  torch::Tensor features;  ///< float [B, S, D], 0 at padding; undefined but for vectors
  torch::Tensor mask;      ///< bool [B, S]
  std::vector<torch::Tensor> factors = {};  ///< for each factor the ids of the tokens' words [B, S]
  torch::Tensor pictures = {};              ///< uint8 [B, C, H, W]; undefined but for pictures
  /// Of what stands in a grid, row by row: all items of a batch have the same. 0: a sequence.
  int64_t rows = 0, columns = 0;
  /// Of a text that models of an ensemble read with vocabularies of their own: float [B, S, S'],
  /// which parts of its tokens are which of the tokens that the first model reads of the same text.
  torch::Tensor onto_first = {};
};

/// All that a model reads of B sentences: one source, or several that it reads side by side.
using SourceBatch = std::vector<Source>;

/// Where a source stands in attention weights, which are over the tokens of all sources, padding
/// included, one behind the other.
struct Columns {
  int64_t begin = 0, count = 0;
};

inline Columns columns_of(const SourceBatch& sources, std::size_t k) {
  Columns columns{0, sources.at(k).mask.size(1)};
  for (std::size_t i = 0; i < k; ++i) columns.begin += sources[i].mask.size(1);
  return columns;
}

/// A training batch: sources, and targets for teacher forcing.
struct Batch {
  SourceBatch sources;
  torch::Tensor target_input;   ///< int64 [B, T]: begin, y_1 ... y_{T-1}
  torch::Tensor target_output;  ///< int64 [B, T]: y_1 ... y_{T-1}, end
  torch::Tensor target_mask;    ///< bool [B, T], true at tokens of target_output
  int64_t source_tokens = 0;    ///< of the first source, without padding, end of sentence included
  int64_t target_tokens = 0;
  torch::Tensor target_weights = {};  ///< float [B, T], what the loss of each token is multiplied
                                      ///< by, 0 at padding; undefined: 1 each
  torch::Tensor guidance = {};  ///< float [B, T, S]: what data/soft_links.h makes of each row's
                                ///< links, 0 at padding; undefined without a teacher
  std::vector<int64_t> pairs;   ///< index in the corpus of each row
};

}  // namespace weft
