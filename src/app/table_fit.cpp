#include "app/table_fit.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"

namespace weft {
namespace {

/// So few of a hundred known tell of another language.
constexpr std::size_t kFewestKnown = 10;
/// From so many on.
constexpr std::size_t kEnough = 20;

bool are_hardly_known(std::size_t known, std::size_t words) {
  return words >= kEnough && known * 100 < words * kFewestKnown;
}

}  // namespace

bool has_letters_alone(std::string_view word) {
  for (std::size_t n = 0; n < word.size();) {
    const auto c = static_cast<UChar32>(next_code_point(word, n));
    if (u_isalpha(c) == 0 && (u_getCombiningClass(c) == 0) && c != '-' && c != '\'') return false;
  }
  return true;
}

std::string_view without_punctuation(std::string_view word) {
  if (word.starts_with('{') || word.starts_with('%')) return word;
  std::optional<std::size_t> first;
  std::size_t end = 0;
  for (std::size_t n = 0; n < word.size();) {
    const std::size_t at = n;
    if (u_ispunct(static_cast<UChar32>(next_code_point(word, n))) != 0) continue;
    if (!first) first = at;
    end = n;
  }
  return first ? word.substr(*first, end - *first) : word;
}

void require_target_fits(const TranslationTable& table, const Vocabulary& target) {
  constexpr std::size_t kLooks = 1000;
  std::size_t seen = 0, known = 0;
  for (const auto& [source, targets] : table.entries()) {
    if (++seen > kLooks) break;
    const auto ids = target.encode(targets.front().target).ids;
    if (std::find(ids.begin(), ids.end(), kUnknownId) == ids.end()) ++known;
  }
  if (are_hardly_known(known, seen))
    throw UserError({table.path()},
                    "only " + std::to_string(known) + " of the first " + std::to_string(seen) +
                        " target words can be written with the model's target vocabulary; "
                        "expected a table from the model's source language to its target language");
}

void require_source_fits(const TranslationTable& table, const std::vector<std::string>& sources) {
  std::set<std::string_view> words;
  for (const auto& line : sources) {
    for (const auto& span : split_words(line)) {
      const auto word =
          without_punctuation(std::string_view(line).substr(span.begin, span.end - span.begin));
      if (has_letters_alone(word)) words.insert(word);
    }
  }
  const auto known = static_cast<std::size_t>(std::count_if(
      words.begin(), words.end(), [&](auto word) { return !table.of(word).empty(); }));
  if (are_hardly_known(known, words.size()))
    throw UserError({table.path()},
                    "knows " + std::to_string(known) + " of the first " +
                        std::to_string(words.size()) +
                        " different words to be translated; expected a table from the language of "
                        "the text");
}

}  // namespace weft
