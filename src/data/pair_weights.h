#pragma once
// What the loss of each training pair, and of each target word, is multiplied by.

#include <cstddef>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/span.h"
#include "data/line_stream.h"

namespace weft {

struct PairWeights {
  float sentence = 1;
  std::vector<float> words;  ///< of the target's words (base/words.h); empty: 1 each
};

/// Reads files of weights beside a text.
class WeightReader {
 public:
  /// Files of a number a line, and files of a number for each word of the target lines; either may
  /// be none.
  WeightReader(std::vector<std::string> sentence_files, std::vector<std::string> word_files);

  /// The weights of the next pair, whose target line is `target`. Throws UserError if there is no
  /// such line, BadLine if it has other than as many numbers as are due, or one that is not a
  /// number in [0, 1e6].
  PairWeights next(const std::string& target);
  /// Throws UserError if there are more lines than have been asked for.
  void require_end();

 private:
  std::vector<float> numbers(LineStream& file);

  LineStream sentences_, words_;
  bool has_sentences_, has_words_;
};

/// For each token of a target line, with the end of sentence, what its loss is multiplied by.
/// `tokens` are the bytes of `target` each stands for. A token that touches several words has the
/// mean of their weights, one that touches none and the end of sentence have 1; all times the
/// sentence's.
std::vector<float> token_weights(const PairWeights& weights, const std::string& target,
                                 const std::vector<Span>& tokens);

}  // namespace weft
