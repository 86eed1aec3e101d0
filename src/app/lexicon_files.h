#pragma once
// What an aligner has learnt of words, for people and programs.

#include <array>
#include <string>
#include <vector>

#include "base/enum_names.h"

namespace weft {

enum class LexiconFormat {
  kTsv,    ///< source, target, p(target|source), p(source|target), count; tabs between
  kJson,   ///< one object a line
  kMoses,  ///< "target source p(target|source)", as Moses' lex.f2e has it
};

constexpr auto enum_names(LexiconFormat) {
  return std::array{EnumName{LexiconFormat::kTsv, "tsv"}, EnumName{LexiconFormat::kJson, "json"},
                    EnumName{LexiconFormat::kMoses, "moses"}};
}

struct LexiconTask {
  std::string model;                ///< directory that `weft aligner --save` made
  std::vector<std::string> words;   ///< source words; none: all
  double least_probability = 0.01;  ///< of the target given the source
  double least_count = 0.0;
  LexiconFormat format = LexiconFormat::kTsv;
  std::string output = "-";
};

/// Writes the translations of each source word, the likeliest first, source words in the order of
/// their numbers (in which the text first had them). Probabilities are those of counts: of all
/// links of a word, the part that goes to another. Throws UserError if the model cannot be read, or
/// does not have one of the words.
void write_lexicon(const LexiconTask& task);

}  // namespace weft
