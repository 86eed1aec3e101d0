#pragma once
// Lines as several models of an ensemble read them, each with its own vocabularies.

#include <torch/types.h>

#include <vector>

#include "data/batch.h"
#include "data/corpus.h"
#include "text/source_factors.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// Which part of each token of a text is which token of another reading of it, by their bytes:
/// float [S, S'], rows sum to 1; the last of each is the end of sentence.
torch::Tensor parts_in(const EncodedLine& reading, const EncodedLine& other);

/// What other models read of a line.
struct OtherReadings {
  std::vector<SourceTokens> tokens;
  std::vector<torch::Tensor> onto_first;  ///< parts_in() the first model's tokens
};

/// Of a line whose sources the first model reads as `first`; each reading has at most `limit`
/// tokens.
OtherReadings other_readings(const Vocabularies& vocabularies,
                             const std::vector<const EncodedSource*>& first, int64_t limit);

/// Puts them into a batch that has their sources behind the first model's. `readings`: of each
/// sentence.
void put_onto_first(SourceBatch& batch, const std::vector<const OtherReadings*>& readings);

}  // namespace weft
