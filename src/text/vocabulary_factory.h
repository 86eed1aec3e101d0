#pragma once
// Makes and loads vocabularies of every kind.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/data_options.h"
#include "text/source_factors.h"
#include "text/vocabulary.h"

namespace weft {

struct TextColumn;

/// All that a model reads and writes with.
struct Vocabularies {
  std::vector<SourceVocabulary> sources;
  std::shared_ptr<Vocabulary> target;  ///< the same object as the first source's when shared

  /// Of an ensemble: the sources as others of its models read them, of as many, all of text.
  std::vector<std::vector<SourceVocabulary>> other_readings = {};

  bool right_to_left = false;  ///< the model reads and writes the target's last token first

  /// The ids of a target line, in the order in which the model writes them.
  std::vector<int32_t> encode_target(std::string_view line) const;
  bool is_shared() const { return sources.front().vocabulary == target; }
};

/// Whether text becomes the same ids with both.
bool are_same(const Vocabularies& a, const Vocabularies& b);
/// The same of sources, and of what is written.
bool read_the_same(const std::vector<SourceVocabulary>& a, const std::vector<SourceVocabulary>& b);
bool write_the_same(const Vocabularies& a, const Vocabularies& b);

/// A vocabulary of the kind `type` from the bytes of its file; messages call it `name`. Throws
/// UserError if they are not one.
std::shared_ptr<Vocabulary> load_vocabulary(const std::string& bytes, VocabularyType type,
                                            const std::string& name);

/// The same, the kind given by the ending: ".spm" and ".model" are SentencePiece, others word
/// lists.
std::shared_ptr<Vocabulary> load_vocabulary(const std::string& bytes, std::string_view ending,
                                            const std::string& name);

/// Likewise from a file; warns of its odd pieces.
std::shared_ptr<Vocabulary> load_vocabulary(const std::string& path);

/// The vocabularies that options.source_file and target_file name, as training reads them. Throw
/// UserError as load_vocabulary() and normalized_list() do.
std::shared_ptr<Vocabulary> load_source_file(const VocabularyOptions& options);
std::shared_ptr<Vocabulary> load_target_file(const VocabularyOptions& options);

/// How many pieces hold a character that lines, tables or lists of hypotheses give a meaning:
/// "a line feed: 1, '|||': 2"; "" if none does. Pieces that are single bytes do not count.
std::string describe_odd_pieces(const Vocabulary& vocabulary);

/// Loads the vocabularies `options` names, and learns those it does not name from the training
/// text, `sources` the files of each source: a shared one from the first source and the target
/// together, and those of the factors that `factors` says the words of the first source carry.
/// `items` has what each source is; empty: all are text. `tags` become tokens of the first source.
/// Throws UserError as loading and training do, and if a shared vocabulary is given as two
/// different files.
Vocabularies build_vocabularies(const VocabularyOptions& options,
                                const std::vector<std::vector<TextColumn>>& sources,
                                const std::vector<TextColumn>& target,
                                const FactorFormat& factors = {},
                                const std::vector<ItemOptions>& items = {},
                                const std::vector<std::string>& tags = {});

}  // namespace weft
