#include "app/unknown_words.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "app/table_fit.h"
#include "base/utf8.h"

namespace weft {
namespace {

/// As a table without case gives it, with a capital letter where the source word has one.
std::string with_case_of(std::string_view source, const std::string& word) {
  std::size_t n = 0, end = 0;
  if (source.empty() || word.empty() ||
      u_isUUppercase(static_cast<UChar32>(next_code_point(source, n))) == 0)
    return word;
  std::string cased;
  append_utf8(cased,
              static_cast<char32_t>(u_totitle(static_cast<UChar32>(next_code_point(word, end)))));
  return cased + word.substr(end);
}

/// Rows of a matrix that share bytes with a stretch of the translation.
struct Rows {
  std::size_t begin = 0, end = 0;
};

Rows rows_over(const std::vector<AlignedToken>& target, Span span) {
  const auto is_before = [&](const auto& token) { return token.span.end <= span.begin; };
  const auto is_over = [&](const auto& token) {
    return !token.end_of_sentence && token.span.begin < span.end;
  };
  Rows rows;
  while (rows.begin < target.size() && is_before(target[rows.begin])) ++rows.begin;
  rows.end = rows.begin;
  while (rows.end < target.size() && is_over(target[rows.end])) ++rows.end;
  return rows;
}

std::vector<float> mean_row(const AlignmentMatrix& matrix, Rows rows) {
  std::vector<float> mean(matrix.columns());
  for (std::size_t row = rows.begin; row < rows.end; ++row)
    for (std::size_t column = 0; column < mean.size(); ++column)
      mean[column] += matrix.at(row, column) / static_cast<float>(rows.end - rows.begin);
  return mean;
}

/// The unknown token with the letters that stand at it without a blank, within its words.
Span whole_word(const std::string& text, const std::vector<AlignedToken>& target, Rows rows,
                Span unknown) {
  const auto begin = target[rows.begin].span.begin, end = target[rows.end - 1].span.end;
  Span word = unknown;
  while (word.begin < word.end && text[word.begin] == ' ') ++word.begin;
  while (word.end > word.begin && text[word.end - 1] == ' ') --word.end;
  std::size_t before = begin;
  for (std::size_t n = begin; n < word.begin;) {
    if (u_isalnum(static_cast<UChar32>(next_code_point(text, n))) == 0) before = n;
  }
  word.begin = std::min(before, word.begin);
  for (std::size_t n = word.end; n < end;) {
    if (u_isalnum(static_cast<UChar32>(next_code_point(text, n))) == 0) break;
    word.end = n;
  }
  return word;
}

/// Puts `word` in the place of `old` in the text, and of the rows in the matrix.
void put(Translation& translation, Span old, Rows rows, const std::string& word) {
  auto& matrix = translation.alignment;
  const auto mean = mean_row(matrix, rows);
  const auto row_begin = matrix.target[rows.begin].span.begin;
  const auto shift =
      static_cast<std::ptrdiff_t>(word.size()) - static_cast<std::ptrdiff_t>(old.end - old.begin);
  const auto moved = [&](std::size_t byte) {
    return byte >= old.end ? static_cast<std::size_t>(static_cast<std::ptrdiff_t>(byte) + shift)
                           : byte;
  };
  const auto row_end = moved(matrix.target[rows.end - 1].span.end);
  translation.text.replace(old.begin, old.end - old.begin, word);
  for (auto& token : matrix.target) token.span = {moved(token.span.begin), moved(token.span.end)};
  for (auto& span : translation.unknown) span = {moved(span.begin), moved(span.end)};
  const auto at = [](auto& sequence, std::size_t n) {
    return sequence.begin() + static_cast<std::ptrdiff_t>(n);
  };
  const AlignedToken token{translation.text.substr(row_begin, row_end - row_begin),
                           {row_begin, row_end}};
  matrix.target.erase(at(matrix.target, rows.begin), at(matrix.target, rows.end));
  matrix.target.insert(at(matrix.target, rows.begin), token);
  const auto columns = matrix.columns();
  matrix.weights.erase(at(matrix.weights, rows.begin * columns),
                       at(matrix.weights, rows.end * columns));
  matrix.weights.insert(at(matrix.weights, rows.begin * columns), mean.begin(), mean.end());
}

}  // namespace

UnknownWords::UnknownWords(std::optional<TranslationTable> table, const Vocabulary& target)
    : table_(std::move(table)) {
  if (table_) require_target_fits(*table_, target);
}

void UnknownWords::require_fits(const std::vector<std::string>& sources) const {
  if (table_) require_source_fits(*table_, sources);
}

void UnknownWords::replace(TranslatedLine& line) {
  for (auto& translation : line.n_best) replace(translation);
}

void UnknownWords::replace(Translation& translation) {
  for (std::size_t i = 0; i < translation.unknown.size(); ++i) {
    const Span unknown = translation.unknown[i];
    const auto& matrix = translation.alignment;
    const auto rows = rows_over(matrix.target, unknown);
    if (rows.begin == rows.end || unknown.begin >= unknown.end) continue;
    const auto weights = mean_row(matrix, rows);
    const auto words = matrix.source.size() -
                       (!matrix.source.empty() && matrix.source.back().end_of_sentence ? 1 : 0);
    if (words == 0) continue;
    const auto best =
        std::max_element(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(words));
    const auto& source = matrix.source[static_cast<std::size_t>(best - weights.begin())].text;
    put(translation, whole_word(translation.text, matrix.target, rows, unknown), rows,
        replacement(source));
    ++replaced_;
  }
  translation.unknown.clear();
}

std::string UnknownWords::replacement(std::string_view source) {
  const auto word = without_punctuation(source);
  if (!table_ || !has_letters_alone(word)) return std::string(word);
  const auto& targets = table_->of(word);
  if (targets.empty()) return std::string(word);
  ++translated_;
  return with_case_of(word, targets.front().target);
}

std::string UnknownWords::report() const {
  if (replaced_ == 0) return {};
  return std::to_string(replaced_) + " unknown words were replaced, " +
         std::to_string(translated_) + " of them by the table, the others by source words";
}

}  // namespace weft
