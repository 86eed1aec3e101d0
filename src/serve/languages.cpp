#include "serve/languages.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace weft {
namespace {

std::string in_small_letters(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
  });
  return text;
}

}  // namespace

bool is_language(const std::string& asked, const std::string& known) {
  const auto a = in_small_letters(asked), b = in_small_letters(known);
  if (a == b) return !a.empty();
  const auto language = a.substr(0, a.find('-'));
  if (language.empty() || language != b.substr(0, b.find('-'))) return false;
  return a == language || b == language;
}

std::string language_name(const std::string& code) {
  icu::UnicodeString name;
  icu::Locale(code.c_str()).getDisplayName(icu::Locale::getEnglish(), name);
  std::string text;
  name.toUTF8String(text);
  return text.empty() ? code : text;
}

std::string in_capitals(std::string code) {
  std::transform(code.begin(), code.end(), code.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return code;
}

}  // namespace weft
