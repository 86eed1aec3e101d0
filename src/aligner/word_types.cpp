#include "aligner/word_types.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>

#include <stdexcept>

#include "base/utf8.h"

namespace weft {
namespace {

const icu::Normalizer2& nfkc_casefold() {
  UErrorCode status = U_ZERO_ERROR;
  const auto* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no data for NFKC_Casefold");
  return *normalizer;
}

/// The one mark that stands for all that mean the same.
char32_t folded_mark(char32_t mark) {
  switch (mark) {
    case U'“':
    case U'”':
    case U'„':
    case U'«':
    case U'»':
    case U'《':
    case U'》':
    case U'「':
    case U'」':
    case U'『':
    case U'』':
      return U'"';
    case U'‘':
    case U'’':
    case U'‚':
      return U'\'';
    case U'。':
      return U'.';
    case U'、':
      return U',';
    default:
      return mark;
  }
}

bool is_ascii(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  return true;
}

}  // namespace

std::string word_key(std::string_view word) {
  std::string key;
  if (is_ascii(word)) {
    key = word;
    for (char& c : key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return key;
  }
  std::string normalized;
  icu::StringByteSink<std::string> sink(&normalized);
  UErrorCode status = U_ZERO_ERROR;
  nfkc_casefold().normalizeUTF8(0, icu::StringPiece(word.data(), static_cast<int32_t>(word.size())),
                                sink, nullptr, status);
  // A word of nothing but characters that are ignored (soft hyphens) is itself.
  if (U_FAILURE(status) || normalized.empty()) return std::string(word);
  for (std::size_t offset = 0; offset < normalized.size();)
    append_utf8(key, folded_mark(next_code_point(normalized, offset)));
  return key;
}

WordTypes::Id WordTypes::add_key(std::string_view key) {
  const auto known = by_key_.find(key);
  if (known != by_key_.end()) return known->second;
  const auto entry = by_key_.emplace(std::string(key), static_cast<Id>(keys_.size())).first;
  keys_.push_back(&entry->first);
  return entry->second;
}

WordTypes::Id WordTypes::add(std::string_view word) {
  const auto known = by_word_.find(word);
  if (known != by_word_.end()) return known->second;
  const Id id = add_key(word_key(word));
  by_word_.emplace(std::string(word), id);
  return id;
}

WordTypes::Id WordTypes::find(std::string_view word) const { return find_key(word_key(word)); }

WordTypes::Id WordTypes::find_key(std::string_view key) const {
  const auto known = by_key_.find(key);
  return known == by_key_.end() ? kUnknown : known->second;
}

}  // namespace weft
