#pragma once
// Source factors: what is known of every word besides its spelling, such as its part of speech.
// Sennrich & Haddow 2016, "Linguistic Input Features Improve NMT" (arXiv:1606.02892).

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"
#include "config/config.h"
#include "config/item_options.h"
#include "text/vocabulary.h"

namespace weft {

/// How a line carries factors: behind every word stand `count` values, each after a separator.
/// "houses|NNS|lower" is the word "houses" with two.
struct FactorFormat {
  std::string separator = "|";
  std::size_t count = 0;  ///< factors of a word; 0: lines are plain text
};

FactorFormat factor_format(const Config& config);

/// A line taken apart.
struct FactoredLine {
  std::string text;         ///< the line without factors; its blanks stay
  std::vector<Span> words;  ///< of `text`; of a plain line they are not looked for
  std::vector<std::vector<std::string>> factors;  ///< for each factor the value of each word
};

/// Throws UserError, without a place, if a word has fewer or more factors than it should, or an
/// empty one.
FactoredLine split_factors(std::string_view line, const FactorFormat& format);

/// A line that split_factors() cannot take apart.
struct LineMistake {
  std::size_t index = 0;  ///< number of the line among those looked at, from 0
  std::string message;    ///< without a place
};

/// The first of these lines that split_factors() cannot take apart.
std::optional<LineMistake> first_mistake(const std::vector<std::string>& lines,
                                         const FactorFormat& format);

/// The factors that a model knows.
struct SourceFactors {
  std::string separator = "|";
  std::vector<std::shared_ptr<Vocabulary>> vocabularies;  ///< one for each factor
  FactorFormat format() const { return {separator, vocabularies.size()}; }
};

/// What makes ids of the lines of one source, or, if it is not text, finds their items.
struct SourceVocabulary {
  std::shared_ptr<Vocabulary> vocabulary;  ///< null if it is not text
  SourceFactors factors = {};              ///< carried by its words
  ItemOptions items = {};

  bool is_text() const { return items.is_text(); }
};

/// A source line as a model reads it.
struct EncodedSource {
  std::string text;                           ///< the line without factors
  std::vector<Span> words;                    ///< of `text`, as split_factors() gives them
  EncodedLine tokens;                         ///< of `text`
  std::vector<std::vector<int32_t>> factors;  ///< for each factor an id for each token: its word's
};

/// `source` is text. A line of factored text without a word has no tokens. Throws as
/// split_factors() and Vocabulary::encode() do.
EncodedSource encode_source(const SourceVocabulary& source, std::string_view line);

}  // namespace weft
