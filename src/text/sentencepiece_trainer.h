#pragma once
// Learns a SentencePiece model from text.

#include <cstdint>
#include <string>
#include <vector>

#include "config/data_options.h"
#include "text/text_reader.h"

namespace weft {

struct SentencePieceTraining {
  SentencePieceModel model = SentencePieceModel::kUnigram;
  int64_t size = 8000;                 ///< most pieces, the reserved ones included
  double character_coverage = 0.9999;  ///< see VocabularyOptions
  Normalization normalization = Normalization::kNmtNfkc;
  bool byte_fallback = true;
  std::string size_name = "vocabulary.source_size";  ///< what messages call `size`
  int64_t sample_lines = 200'000;                    ///< see VocabularyOptions
  std::vector<std::string> symbols = {};             ///< that are a piece each, wherever they stand
};

/// The bytes of a model trained on the lines of all `files` together; of more than `sample_lines`
/// lines, on as many drawn at random, so that memory and time do not grow with the text. The same
/// text gives the same model, on every machine and with any number of processors. Ids: pad 0,
/// unknown 1, begin 2, end 3.
/// It has fewer pieces than `size` if the text yields no more. Throws UserError if the text cannot
/// be read, is empty, or if `size` is smaller than its characters need; the message says what is
/// possible.
std::string train_sentencepiece(const SentencePieceTraining& training,
                                const std::vector<TextFile>& files);

}  // namespace weft
