#include "app/split_lines.h"

#include <unicode/brkiter.h>
#include <unicode/filteredbrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "base/utf8.h"
#include "base/words.h"

namespace weft {
namespace {

using IteratorPtr = std::unique_ptr<icu::BreakIterator>;

void check(UErrorCode status) {
  if (U_FAILURE(status) != 0)
    throw std::runtime_error(std::string("ICU finds no sentences: ") + u_errorName(status));
}

/// Whose abbreviations ICU knows; a text may hold those of several.
IteratorPtr make_sentence_iterator() {
  UErrorCode status = U_ZERO_ERROR;
  IteratorPtr iterator(icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status));
  for (const char* language : {"en", "de", "fr", "es", "it", "pt", "ru"}) {
    const std::unique_ptr<icu::FilteredBreakIteratorBuilder> builder(
        icu::FilteredBreakIteratorBuilder::createInstance(icu::Locale(language), status));
    check(status);
    iterator.reset(builder->build(iterator.release(), status));
  }
  check(status);
  return iterator;
}

/// Without the blanks at its ends.
Span trimmed(std::string_view line, Span text) {
  const auto words = split_whitespace(line.substr(text.begin, text.end - text.begin));
  if (words.empty()) return {text.begin, text.begin};
  return {text.begin + words.front().begin, text.begin + words.back().end};
}

bool is_blank(std::string_view line, Span text) {
  const auto kept = trimmed(line, text);
  return kept.begin == kept.end;
}

/// Punctuation of scripts that are written without spaces.
bool is_wide_mark(char32_t c) {
  return ((c > 0x3000 && c < 0x3040) || (c > 0xFF00 && c < 0xFF66)) &&
         u_ispunct(static_cast<UChar32>(c)) != 0;
}

/// Bytes in the middle of which the text may be cut: behind a mark that a blank follows, or that is
/// wide; `blanks`: at blanks.
std::vector<std::size_t> places_to_cut(std::string_view text, bool blanks) {
  std::vector<std::size_t> places;
  char32_t before = 0;
  for (std::size_t n = 0; n < text.size();) {
    const std::size_t at = n;
    const char32_t c = next_code_point(text, n);
    const bool blank = u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
    const bool after_mark = before != 0 && u_ispunct(static_cast<UChar32>(before)) != 0;
    if (blanks ? blank : (blank && after_mark) || is_wide_mark(before)) places.push_back(at);
    before = c;
  }
  return places;
}

/// The place nearest to the middle that leaves something on both sides.
std::optional<std::size_t> nearest_to_middle(std::string_view text,
                                             const std::vector<std::size_t>& places) {
  std::optional<std::size_t> best;
  const auto distance = [&](std::size_t place) {
    return place > text.size() / 2 ? place - text.size() / 2 : text.size() / 2 - place;
  };
  for (const std::size_t place : places) {
    if (is_blank(text, {0, place}) || is_blank(text, {place, text.size()})) continue;
    if (!best || distance(place) < distance(*best)) best = place;
  }
  return best;
}

/// Whether scripts that are written without spaces meet.
bool joins_without_blank(const std::string& before, const std::string& after) {
  std::size_t n = before.size();
  while (n > 0 && (static_cast<unsigned char>(before[--n]) & 0xC0U) == 0x80U) {
  }
  std::size_t m = 0;
  const auto is_wide = [](char32_t c) { return is_unspaced_letter(c) || is_wide_mark(c); };
  return is_wide(next_code_point(before, n)) && is_wide(next_code_point(after, m));
}

void move_by(std::vector<AlignedToken>& tokens, std::size_t bytes) {
  for (auto& token : tokens) token.span = {token.span.begin + bytes, token.span.end + bytes};
}

/// Blocks on a diagonal.
void append(AlignmentMatrix& whole, AlignmentMatrix part) {
  const auto old_columns = whole.columns(), new_columns = part.columns();
  const auto columns = old_columns + new_columns;
  std::vector<float> weights((whole.rows() + part.rows()) * columns);
  for (std::size_t row = 0; row < whole.rows(); ++row)
    for (std::size_t column = 0; column < old_columns; ++column)
      weights[row * columns + column] = whole.at(row, column);
  for (std::size_t row = 0; row < part.rows(); ++row)
    for (std::size_t column = 0; column < new_columns; ++column)
      weights[(whole.rows() + row) * columns + old_columns + column] = part.at(row, column);
  whole.weights = std::move(weights);
  std::move(part.source.begin(), part.source.end(), std::back_inserter(whole.source));
  std::move(part.target.begin(), part.target.end(), std::back_inserter(whole.target));
}

/// Puts a part's translation behind the others; the part begins at byte `source_begin`.
void append(Translation& whole, Translation part, std::size_t source_begin) {
  if (!whole.text.empty() && !part.text.empty() && !joins_without_blank(whole.text, part.text))
    whole.text += ' ';
  const auto begin = whole.text.size();
  auto matrix = drop_end_of_sentence(part.alignment);
  move_by(matrix.source, source_begin);
  move_by(matrix.target, begin);
  append(whole.alignment, std::move(matrix));
  for (const auto& span : part.unknown)
    whole.unknown.push_back({span.begin + begin, span.end + begin});
  whole.text += part.text;
  whole.log_prob += part.log_prob;
  whole.score += part.score;  // a sum until the end
  whole.tokens += part.tokens;
  whole.finished = whole.finished && part.finished;
}

using Combination = std::vector<std::size_t>;

double score_of(const std::vector<TranslatedLine>& parts, const Combination& chosen) {
  double sum = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) sum += parts[i].n_best[chosen[i]].score;
  return sum;
}

/// Which translations of the parts together have the greatest scores, best first: from each that is
/// taken on, its neighbours compete (Huang & Chiang 2005, W05-1506, algorithm 2).
std::vector<Combination> best_combinations(const std::vector<TranslatedLine>& parts,
                                           std::size_t most) {
  std::vector<Combination> best;
  std::set<Combination> seen{Combination(parts.size(), 0)};
  std::set<std::pair<double, Combination>> open;  // by what is taken off
  open.insert({-score_of(parts, *seen.begin()), *seen.begin()});
  while (!open.empty() && best.size() < most) {
    const auto chosen = open.begin()->second;
    open.erase(open.begin());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto next = chosen;
      if (++next[i] == parts[i].n_best.size() || !seen.insert(next).second) continue;
      open.insert({-score_of(parts, next), next});
    }
    best.push_back(chosen);
  }
  return best;
}

}  // namespace

std::vector<Span> sentences_of(std::string_view line) {
  thread_local const IteratorPtr iterator = make_sentence_iterator();
  UErrorCode status = U_ZERO_ERROR;
  UText text = UTEXT_INITIALIZER;
  utext_openUTF8(&text, line.data(), static_cast<int64_t>(line.size()), &status);
  iterator->setText(&text, status);
  check(status);
  std::vector<Span> sentences;
  std::size_t begin = 0;
  iterator->first();
  for (int32_t next = iterator->next(); next != icu::BreakIterator::DONE; next = iterator->next()) {
    const auto end = static_cast<std::size_t>(next);
    const auto sentence = trimmed(line, {begin, end});
    if (sentence.begin < sentence.end) sentences.push_back(sentence);
    begin = end;
  }
  utext_close(&text);
  return sentences;
}

std::vector<Span> parts_within(std::string_view line, Span text, const TokenCount& tokens,
                               int64_t most) {
  const auto whole = line.substr(text.begin, text.end - text.begin);
  if (tokens(whole) <= most) return {text};
  auto place = nearest_to_middle(whole, places_to_cut(whole, false));
  if (!place) place = nearest_to_middle(whole, places_to_cut(whole, true));
  if (!place) return {text};
  const auto middle = text.begin + *place;
  auto parts = parts_within(line, trimmed(line, {text.begin, middle}), tokens, most);
  for (const auto& part : parts_within(line, trimmed(line, {middle, text.end}), tokens, most))
    parts.push_back(part);
  return parts;
}

SplitLines::SplitLines(std::vector<std::string>& lines, LineSplitting splitting,
                       const TokenCount& tokens, int64_t most)
    : splitting_(splitting), lines_(std::move(lines)) {
  lines.clear();
  for (const auto& line : lines_) {
    auto& parts = parts_.emplace_back();
    const auto whole = splitting == LineSplitting::kSentences ? sentences_of(line)
                                                              : std::vector<Span>{{0, line.size()}};
    for (const auto& text : whole)
      for (const auto& part : parts_within(line, text, tokens, most)) parts.push_back(part);
    if (parts.size() < 2) parts = {{0, line.size()}};  // as it stands
    for (const auto& part : parts) {
      lines.push_back(line.substr(part.begin, part.end - part.begin));
      line_of_.push_back(parts_.size() - 1);
    }
  }
}

std::pair<std::size_t, std::size_t> SplitLines::parts_of(std::size_t line) const {
  const auto range = std::equal_range(line_of_.begin(), line_of_.end(), line);
  return {static_cast<std::size_t>(range.first - line_of_.begin()),
          static_cast<std::size_t>(range.second - line_of_.begin())};
}

std::vector<std::string> SplitLines::prefixes(const std::vector<std::string>& of_lines) const {
  std::vector<std::string> of_parts;
  for (std::size_t i = 0; i < of_lines.size(); ++i) {
    const auto& whole = of_lines[i];
    const auto count = parts_[i].size();
    auto pieces = splitting_ == LineSplitting::kSentences && count > 1
                      ? sentences_of(whole)
                      : std::vector<Span>{{0, whole.size()}};
    pieces.resize(std::max(pieces.size(), count), {whole.size(), whole.size()});
    if (pieces.size() > count) pieces[count - 1].end = pieces.back().end;
    for (std::size_t k = 0; k < count; ++k)
      of_parts.push_back(whole.substr(pieces[k].begin, pieces[k].end - pieces[k].begin));
  }
  return of_parts;
}

std::vector<TranslatedLine> SplitLines::join(std::vector<TranslatedLine> parts,
                                             std::size_t most) const {
  std::vector<TranslatedLine> answers;
  auto next = std::make_move_iterator(parts.begin());
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const auto end = next + static_cast<std::ptrdiff_t>(parts_[i].size());
    answers.push_back(join_line(i, {next, end}, most));
    next = end;
  }
  return answers;
}

TranslatedLine SplitLines::join_line(std::size_t line, std::vector<TranslatedLine> parts,
                                     std::size_t most) const {
  if (parts.size() == 1) return std::move(parts.front());
  TranslatedLine joined;
  joined.source = lines_[line];
  for (const auto& part : parts) {
    joined.cut_tokens += part.cut_tokens;
    joined.source_tokens += part.source_tokens;
    joined.decoder_steps += part.decoder_steps;
    joined.is_impossible |= part.is_impossible;
  }
  for (const auto& chosen : best_combinations(parts, most)) {
    auto& whole = joined.n_best.emplace_back();
    for (std::size_t i = 0; i < parts.size(); ++i)
      append(whole, parts[i].n_best[chosen[i]], parts_[line][i].begin);
    whole.score /= static_cast<double>(parts.size());
  }
  return joined;
}

}  // namespace weft
