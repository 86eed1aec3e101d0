#pragma once
// Whole words, for text that is already tokenised.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/data_options.h"
#include "text/vocabulary.h"

namespace weft {

/// A list of words; the tokens of a line are what its whitespace separates, the text of tokens is
/// the words with a space between them.
class WordVocabulary final : public Vocabulary {
 public:
  static constexpr std::string_view kFileEnding = ".words";

  /// `list`: UTF-8, one word per line; the first line is id 4. The reserved tokens <pad>, <unk>,
  /// <s> and </s> may stand at the top, in any order, but need not; before all of it the line
  /// "<normalization> nfc" (or another name of WordNormalization), as normalized_list() puts it
  /// there. Throws UserError, with `name`
  /// and the line, on an empty line, whitespace within a word, a word given twice, a reserved token
  /// further down, or text that is not UTF-8; and if there is no word.
  WordVocabulary(std::string_view list, const std::string& name);

  int64_t size() const override { return static_cast<int64_t>(words_.size()); }
  std::string_view piece(int64_t id) const override;
  /// Words are looked for as normalized_word() has them, and are spelt so in `pieces`; an unknown
  /// word keeps its spelling there. Throws std::invalid_argument on ill-formed UTF-8.
  EncodedLine encode(std::string_view line) const override;
  /// The unknown id gives "<unk>".
  std::string text_of(int64_t id) const override;
  DecodedLine decode(const std::vector<int32_t>& ids) const override;
  std::vector<int32_t> unprintable_ids() const override;
  const std::string& serialized() const override { return serialized_; }
  std::string_view file_ending() const override { return kFileEnding; }
  WordNormalization normalization() const { return normalization_; }
  /// Words that no line can have, because they would be others in the vocabulary's form.
  int64_t unreachable_words() const;

 private:
  void add(std::string_view word, const std::string& name, int line);

  WordNormalization normalization_ = WordNormalization::kNone;
  std::vector<std::string> words_;  // by id, reserved tokens included
  std::unordered_map<std::string, int32_t> ids_;
  std::string serialized_;
};

/// `list` for a vocabulary that normalises words so. Throws UserError, with `name` and what the
/// config calls it, `key`, if the list says that it is for another; kNone: the list as it is.
std::string normalized_list(std::string list, WordNormalization normalization,
                            const std::string& name, const std::string& key);

}  // namespace weft
