#pragma once
// Lines as a model reads them, and which of them it reads together.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/training_options.h"
#include "data/line_items.h"
#include "data/make_batch.h"
#include "search/alignment.h"
#include "search/source_place.h"
#include "text/source_factors.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// What a program reads with a model has other places than the training text: items are looked for
/// in `root`, if it is given, instead of in data.source_root, and a data.feature_cache that is not
/// there, or cannot be written to, is not used. Throws UserError, naming `model`, if there is a
/// root and all sources are text.
void place_items(const std::string& model, const std::optional<std::string>& root,
                 Vocabularies& vocabularies);

/// A line of one source. If it names an item, its text is the numbers of the annotations, "1 2 3",
/// each a piece and a word.
struct LineOfSource : EncodedSource {
  std::string name = {};    ///< of the item
  int32_t annotations = 0;  ///< of the item; 0: text
  ItemGrid grid = {};

  /// What attention is over: annotations, or tokens with the end of sentence.
  int64_t length() const;
};

/// A line of every source of a model.
struct SourceLine {
  std::vector<LineOfSource> sources;

  /// A line is blank if its first source is.
  bool is_blank() const { return sources.front().tokens.ids.empty(); }
  /// That of the longest source.
  int64_t length() const;
  /// Of each source.
  std::vector<SourceTokens> tokens() const;
};

/// Lines of every source, and the items that they name.
class SourceLines {
 public:
  /// `lines[k]` has those of source k, as many of each. Throws UserError as find_items() does.
  SourceLines(const Vocabularies& vocabularies, const std::vector<std::vector<std::string>>& lines,
              const SourcePlace& place = {});

  /// Throws as encode_source() does, and if an item is blank whose first source is not.
  SourceLine line(std::size_t index) const;
  const ItemSources& items() const { return items_; }

 private:
  LineOfSource line_of(std::size_t source, std::size_t index) const;

  const Vocabularies& vocabularies_;
  const std::vector<std::vector<std::string>>& lines_;
  std::vector<LineItems> found_;
  ItemSources items_;
};

/// A source of alignments, whose words are `words` if it is text.
TokenizedLine tokenized(const LineOfSource& line, std::vector<Span> words);

/// Says in a matrix which item its columns are of, if they are.
void describe_item(const LineOfSource& line, AlignmentMatrix& matrix);

/// The first line whose item cannot be read, and of which source.
struct ItemMistake : LineMistake {
  std::size_t source = 0;
};

/// Reads all items that the lines name. The message has the place.
std::optional<ItemMistake> first_item_mistake(const Vocabularies& vocabularies,
                                              const std::vector<std::vector<std::string>>& lines,
                                              const SourcePlace& place);

/// Keeps `limit` tokens of each source; returns how many were cut off.
int64_t cut(SourceLine& line, int64_t limit);

/// The indices of `lengths`, longest first, equal ones in their order, cut into batches of at most
/// batch_sentences. In each, rows times the longest is at most batch_tokens, but for one that is
/// longer by itself: that is a batch of its own.
std::vector<std::vector<std::size_t>> batches_by_length(const std::vector<int64_t>& lengths,
                                                        const DecodingOptions& options);

}  // namespace weft
