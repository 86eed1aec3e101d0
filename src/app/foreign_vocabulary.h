#pragma once
// Vocabularies of Marian and Nematus.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "text/vocabulary.h"

namespace weft {

struct ForeignVocabulary {
  std::shared_ptr<Vocabulary> vocabulary;
  std::vector<int64_t> rows;  ///< of each of Weft's ids: the other toolkit's; kNoRow: it has none
};

/// Reads a vocabulary: words and their numbers in YAML or JSON (.yml, .yaml, .json), a list of
/// words (other endings), or a SentencePiece model (.spm, .model). `size`: rows of the model's
/// embeddings; words beyond are unknown to it, and rows without a word get one that no text has.
/// Throws UserError.
ForeignVocabulary read_foreign_vocabulary(const std::string& path, int64_t size);

/// The same vocabulary with the rows that it has when it is written.
ForeignVocabulary with_rows(const std::shared_ptr<Vocabulary>& vocabulary);

/// The names of end of sentence and of an unknown word.
struct ReservedNames {
  std::string end = "</s>";
  std::string unknown = "<unk>";
};

/// A vocabulary of words as a JSON object, which is YAML, too: words and their rows. One of pieces:
/// its SentencePiece model.
std::string format_foreign_vocabulary(const ForeignVocabulary& vocabulary,
                                      const ReservedNames& names);

}  // namespace weft
