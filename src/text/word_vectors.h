#pragma once
// Pretrained word vectors in the text formats of word2vec, fastText and GloVe.

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "text/vocabulary.h"

namespace weft {

/// A file of vectors, and what is expected of it.
struct WordVectorFile {
  std::string path;       ///< text, also .gz or .zst
  int64_t width = 0;      ///< numbers of a vector
  std::string width_key;  ///< the config key of that number, for messages
};

/// The vectors of those of a vocabulary's pieces that the file has.
struct WordVectors {
  std::vector<int64_t> ids;
  std::vector<float> values;  ///< a row of `width` for each of ids
  int64_t repeated = 0;       ///< lines of a piece that had been found before; the first counts
  Location first_repeated;
};

/// Each line is a word and its numbers, with spaces between. A first line of two whole numbers
/// (word2vec, fastText) says how many lines follow and how many numbers they have; GloVe has no
/// such line. Words match pieces as the vocabulary spells them ("▁" included); other words are
/// passed over, but for the count of their fields. Throws UserError, naming the line, where a line
/// has another count of numbers, a vector that is wanted has something else than a finite number,
/// or the first line says another number of lines; and if no piece is found.
WordVectors read_word_vectors(const WordVectorFile& file, const Vocabulary& vocabulary);

/// Throws UserError for what the first lines show: a file that is not there, or other widths.
void check_word_vectors(const WordVectorFile& file);

}  // namespace weft
