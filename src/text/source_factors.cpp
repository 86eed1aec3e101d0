#include "text/source_factors.h"

#include "base/error.h"
#include "base/words.h"

namespace weft {
namespace {

/// The parts of `text` between separators.
std::vector<std::string_view> split_at(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + separator.size();
  }
}

std::string count_of_factors(std::size_t count) {
  if (count == 0) return "no factor";
  return std::to_string(count) + (count == 1 ? " factor" : " factors");
}

/// The word and its factors.
std::vector<std::string_view> split_word(std::string_view word, std::size_t number,
                                         const FactorFormat& format) {
  const auto parts = split_at(word, format.separator);
  const auto fail = [&](const std::string& found) {
    throw UserError("word " + std::to_string(number) + ", '" + std::string(word) + "', has " +
                    found + "; expected a word and " + count_of_factors(format.count) +
                    ", each after '" + format.separator + "'");
  };
  if (parts.size() != format.count + 1) fail(count_of_factors(parts.size() - 1));
  for (const auto& part : parts) {
    if (part.empty()) fail("an empty part");
  }
  return parts;
}

/// The number of the word that a token belongs to: the first that ends behind the token's begin.
std::vector<std::size_t> words_of_tokens(const std::vector<Span>& tokens,
                                         const std::vector<Span>& words) {
  std::vector<std::size_t> numbers;
  std::size_t word = 0;  // tokens come in the order of their begins
  for (const Span& token : tokens) {
    while (word + 1 < words.size() && words[word].end <= token.begin) ++word;
    numbers.push_back(word);
  }
  return numbers;
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : " ") + value;
  return text;
}

}  // namespace

FactorFormat factor_format(const Config& config) {
  return {config.data.factor_separator, config.model.embedding.factors.size()};
}

FactoredLine split_factors(std::string_view line, const FactorFormat& format) {
  FactoredLine split;
  if (format.count == 0) {
    split.text = line;
    return split;
  }
  split.factors.resize(format.count);
  std::size_t copied = 0;  // bytes of the line that are done with
  for (const Span& span : split_whitespace(line)) {
    const auto parts =
        split_word(line.substr(span.begin, span.end - span.begin), split.words.size() + 1, format);
    split.text += line.substr(copied, span.begin - copied);
    split.words.push_back({split.text.size(), split.text.size() + parts[0].size()});
    split.text += parts[0];
    for (std::size_t k = 0; k < format.count; ++k) split.factors[k].emplace_back(parts[k + 1]);
    copied = span.end;
  }
  split.text += line.substr(copied);
  return split;
}

std::optional<LineMistake> first_mistake(const std::vector<std::string>& lines,
                                         const FactorFormat& format) {
  if (format.count == 0) return std::nullopt;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    try {
      split_factors(lines[i], format);
    } catch (const UserError& error) {
      return LineMistake{i, error.what()};
    }
  }
  return std::nullopt;
}

EncodedSource encode_source(const SourceVocabulary& vocabularies, std::string_view line) {
  const auto& vocabulary = vocabularies.vocabulary;
  const auto& factors = vocabularies.factors;
  auto split = split_factors(line, factors.format());
  EncodedSource source{std::move(split.text), std::move(split.words), {}, {}};
  const bool has_factors = !factors.vocabularies.empty();
  source.factors.resize(factors.vocabularies.size());
  // SentencePiece may make tokens of white space (U+0085); without a word they have no factors.
  if (has_factors && source.words.empty()) return source;
  source.tokens = vocabulary->encode(source.text);
  if (!has_factors) return source;
  const auto words = words_of_tokens(source.tokens.spans, source.words);
  for (std::size_t k = 0; k < factors.vocabularies.size(); ++k) {
    const auto of_words = factors.vocabularies[k]->encode(joined(split.factors[k])).ids;
    for (const std::size_t word : words) source.factors[k].push_back(of_words.at(word));
  }
  return source;
}

}  // namespace weft
