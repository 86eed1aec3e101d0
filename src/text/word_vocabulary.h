#pragma once
// Whole words, for text that is already tokenised.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/vocabulary.h"

namespace weft {

/// A list of words; the tokens of a line are what its whitespace separates, the text of tokens is
/// the words with a space between them.
class WordVocabulary final : public Vocabulary {
 public:
  static constexpr std::string_view kFileEnding = ".words";

  /// `list`: UTF-8, one word per line; the first line is id 4. The reserved tokens <pad>, <unk>,
  /// <s> and </s> may stand at the top, in any order, but need not. Throws UserError, with `name`
  /// and the line, on an empty line, whitespace within a word, a word given twice, a reserved token
  /// further down, or text that is not UTF-8; and if there is no word.
  WordVocabulary(std::string_view list, const std::string& name);

  int64_t size() const override { return static_cast<int64_t>(words_.size()); }
  std::string_view piece(int64_t id) const override;
  /// An unknown word keeps its spelling in `pieces`. Throws std::invalid_argument on ill-formed
  /// UTF-8.
  EncodedLine encode(std::string_view line) const override;
  /// The unknown id gives "<unk>".
  std::string text_of(int64_t id) const override;
  DecodedLine decode(const std::vector<int32_t>& ids) const override;
  std::vector<int32_t> unprintable_ids() const override;
  const std::string& serialized() const override { return serialized_; }
  std::string_view file_ending() const override { return kFileEnding; }

 private:
  void add(std::string_view word, const std::string& name, int line);

  std::vector<std::string> words_;  // by id, reserved tokens included
  std::unordered_map<std::string, int32_t> ids_;
  std::string serialized_;
};

}  // namespace weft
