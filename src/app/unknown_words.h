#pragma once
// What stands in translations instead of words that the vocabulary lacks.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/translation_table.h"
#include "search/translator.h"

namespace weft {

/// Puts in the place of each unknown word what the table says of the source word to which it is
/// aligned most, or else that source word itself (Luong et al. 2015, arXiv:1410.8206); numbers,
/// links and placeholders are always copied.
class UnknownWords {
 public:
  /// Throws UserError if hardly a word of the table can be written with the vocabulary.
  UnknownWords(std::optional<TranslationTable> table, const Vocabulary& target);

  /// Throws UserError if the table hardly knows a word of the lines, of which there are enough to
  /// tell: it is of another language.
  void require_fits(const std::vector<std::string>& sources) const;

  /// Of every translation of a line. They have alignments over words, whose rows become those of
  /// the new words.
  void replace(TranslatedLine& line);

  /// "3 unknown words were replaced, 2 of them by the table"; empty if there were none.
  std::string report() const;

 private:
  void replace(Translation& translation);
  std::string replacement(std::string_view source);

  std::optional<TranslationTable> table_;
  std::size_t replaced_ = 0, translated_ = 0;
};

}  // namespace weft
