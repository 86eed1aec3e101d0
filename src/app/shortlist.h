#pragma once
// The tokens among which the translation of a line is searched for.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/translation_table.h"
#include "config/training_options.h"
#include "search/translator.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// For each line the most frequent tokens of the target vocabulary, the likeliest translations of
/// each of its words and pieces by a table of words, and its own words as they stand (Jean et al.
/// 2015, arXiv:1412.2007; Junczys-Dowmunt et al. 2018, P18-4020). A word of the table is written in
/// every case that has a token of its own, else in pieces, small and with a capital; a token of
/// several characters of a script without spaces is there when all of its characters are.
class Shortlist {
 public:
  /// `vocabularies` have a first source of text. Throws UserError if the table does not fit them.
  Shortlist(TranslationTable table, const Vocabularies& vocabularies,
            const DecodingOptions& options);

  /// Not for several threads at once.
  std::vector<int32_t> tokens(const EncodedSource& line);

  /// As require_source_fits().
  void require_fits(const std::vector<std::string>& sources) const;

 private:
  using Ids = std::vector<int32_t>;

  void read_target_tokens();
  void share_among_pieces();
  /// Tokens that can be part of a target word.
  Ids writing(const std::string& target) const;
  /// Of the likeliest translations of a source word; nothing if the table lacks it.
  const Ids& of_word(std::string_view word);
  void add_unspaced(Ids& tokens) const;

  TranslationTable table_;
  Vocabularies vocabularies_;
  std::size_t best_;
  Ids frequent_;
  std::unordered_map<std::string, Ids> by_key_;  // target tokens by word_key() of their text
  std::vector<std::u32string> unspaced_;         // of each target token; empty: it is none
  std::unordered_map<char32_t, Ids> by_first_;   // of those of several characters
  std::unordered_map<std::string, Ids> known_;   // of_word()
  std::unordered_map<int32_t, Ids> of_piece_;    // by source piece
};

/// The shortlist of a model, or none if there is no table: `given` on the command line ("none": not
/// that of the config either), or that of `options`, in the model's directory. Throws UserError as
/// Shortlist() does, and if the model's first source is not text.
std::shared_ptr<Shortlist> find_shortlist(const std::string& given,
                                          const std::string& model_directory,
                                          const DecodingOptions& options,
                                          const Vocabularies& vocabularies);

}  // namespace weft
