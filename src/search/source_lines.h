#pragma once
// Lines as a model reads them, and which of them it reads together.

#include <cstdint>
#include <string_view>
#include <vector>

#include "config/training_options.h"
#include "data/make_batch.h"
#include "text/source_factors.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// A line of every source of a model.
struct SourceLine {
  std::vector<EncodedSource> sources;

  /// A line is blank if its first source is.
  bool is_blank() const { return sources.front().tokens.ids.empty(); }
  /// Tokens of the longest source, its end of sentence included.
  int64_t length() const;
  /// Of each source.
  std::vector<SourceTokens> tokens() const;
};

/// `lines` has one for each source. Throws as encode_source() does.
SourceLine encode_source_line(const Vocabularies& vocabularies,
                              const std::vector<std::string_view>& lines);
/// Keeps `limit` tokens of each source; returns how many were cut off.
int64_t cut(SourceLine& line, int64_t limit);

/// The indices of `lengths`, longest first, equal ones in their order, cut into batches of at most
/// batch_sentences. In each, rows times the longest is at most batch_tokens, but for one that is
/// longer by itself: that is a batch of its own.
std::vector<std::vector<std::size_t>> batches_by_length(const std::vector<int64_t>& lengths,
                                                        const DecodingOptions& options);

}  // namespace weft
