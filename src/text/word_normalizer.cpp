#include "text/word_normalizer.h"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include <algorithm>
#include <stdexcept>

#include "base/utf8.h"
#include "base/words.h"

namespace weft {
namespace {

bool makes_lower_case(WordNormalization normalization) {
  return normalization == WordNormalization::kNfcLower ||
         normalization == WordNormalization::kNfkcLower;
}

bool is_ascii_word(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void require_success(UErrorCode status) {
  if (U_FAILURE(status)) throw std::runtime_error("ICU cannot normalise a word");
}

const icu::Normalizer2& unicode_form(WordNormalization normalization) {
  UErrorCode status = U_ZERO_ERROR;
  const bool compatible =
      normalization == WordNormalization::kNfkc || normalization == WordNormalization::kNfkcLower;
  const auto* form = compatible ? icu::Normalizer2::getNFKCInstance(status)
                                : icu::Normalizer2::getNFCInstance(status);
  require_success(status);
  return *form;
}

std::string in_form(std::string_view word, const icu::Normalizer2& form) {
  std::string normalized;
  icu::StringByteSink sink(&normalized);
  UErrorCode status = U_ZERO_ERROR;
  form.normalizeUTF8(0, {word.data(), static_cast<int32_t>(word.size())}, sink, nullptr, status);
  require_success(status);
  return normalized;
}

std::string lower_case(std::string_view word) {
  std::string lower;
  icu::StringByteSink sink(&lower);
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8ToLower("", 0, {word.data(), static_cast<int32_t>(word.size())}, sink, nullptr,
                            status);
  require_success(status);
  return lower;
}

std::string without_blanks(const std::string& word) {
  std::string joined;
  for (const Span& span : split_whitespace(word))
    joined += word.substr(span.begin, span.end - span.begin);
  return joined;
}

}  // namespace

std::string normalized_word(std::string_view word, WordNormalization normalization) {
  if (normalization == WordNormalization::kNone) return std::string(word);
  const bool lowers = makes_lower_case(normalization);
  if (is_ascii_word(word)) {  // is in every form
    std::string same(word);
    if (!lowers) return same;
    for (char& c : same)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return same;
  }
  if (first_invalid_utf8(word)) throw std::invalid_argument("a word is not valid UTF-8");
  const auto& form = unicode_form(normalization);
  auto normalized = in_form(word, form);
  if (lowers) normalized = in_form(lower_case(normalized), form);
  normalized = without_blanks(normalized);
  return normalized.empty() ? std::string(word) : normalized;
}

}  // namespace weft
