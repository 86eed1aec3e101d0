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

/// Lines that were passed over for one reason.
struct PassedLines {
  int64_t count = 0;
  Location first;
  std::string problem;  ///< of the first, "has 299 numbers"
};

/// The vectors of those of a vocabulary's pieces that the file has.
struct WordVectors {
  std::vector<int64_t> ids;
  std::vector<float> values;  ///< a row of `width` for each of ids
  PassedLines repeated;       ///< of a piece that had been found before; the first counts
  PassedLines unreadable;     ///< without a word and its numbers
  int64_t announced = 0;      ///< vectors that the first line says there are; 0: it does not
  int64_t lines = 0;          ///< that there are
};

/// Each line is a word and its numbers, with spaces between. A first line of two whole numbers
/// (word2vec, fastText) says how many lines follow and how many numbers they have; GloVe has no
/// such line. Words match pieces as the vocabulary spells them ("▁" included); other words are
/// passed over, whatever their bytes and however many blanks they hold. Files have damaged lines:
/// too few numbers, too many, or, of a word that is wanted, something else than finite numbers;
/// those are passed over and counted. Throws UserError if no line has vectors of that width (or the
/// first line says another), and if no piece is found.
WordVectors read_word_vectors(const WordVectorFile& file, const Vocabulary& vocabulary);

/// Throws UserError for what the first lines show: a file that is not there, or other widths.
void check_word_vectors(const WordVectorFile& file);

}  // namespace weft
