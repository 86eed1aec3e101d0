#include "base/display_width.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include "base/utf8.h"

namespace weft {

namespace {

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::size_t code_point_width(char32_t code_point) {
  constexpr char32_t kSoftHyphen = 0xAD;
  const auto c = static_cast<UChar32>(code_point);
  if (code_point == kSoftHyphen) return 1;
  const uint32_t zero =
      U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CC_MASK | U_GC_CF_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK;
  if (U_GET_GC_MASK(c) & zero) return 0;
  const int syllable = u_getIntPropertyValue(c, UCHAR_HANGUL_SYLLABLE_TYPE);
  if (syllable == U_HST_VOWEL_JAMO || syllable == U_HST_TRAILING_JAMO) return 0;
  const int width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::size_t cluster_width(std::string_view cluster) {
  constexpr char32_t kEmojiVariation = 0xFE0F;
  constexpr std::size_t kEmojiWidth = 2;
  std::size_t width = 0;
  std::size_t pictures = 0;
  for (std::size_t offset = 0; offset < cluster.size();) {
    const char32_t code_point = next_code_point(cluster, offset);
    const auto c = static_cast<UChar32>(code_point);
    if (code_point == kEmojiVariation) return kEmojiWidth;
    if (u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ||
        u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER) ||
        u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR)) {
      ++pictures;
    }
    width += code_point_width(code_point);
  }
  return pictures > 1 ? kEmojiWidth : width;
}

}  // namespace

std::vector<std::string_view> visible_characters(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> iterator(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no character break rules");
  UText utext = UTEXT_INITIALIZER;
  utext_openUTF8(&utext, text.data(), static_cast<int64_t>(text.size()), &status);
  iterator->setText(&utext, status);
  if (U_FAILURE(status)) throw std::runtime_error("ICU could not read a line of text");
  std::vector<std::string_view> clusters;
  auto begin = static_cast<std::size_t>(iterator->first());
  for (int32_t next = iterator->next(); next != icu::BreakIterator::DONE; next = iterator->next()) {
    clusters.push_back(text.substr(begin, static_cast<std::size_t>(next) - begin));
    begin = static_cast<std::size_t>(next);
  }
  utext_close(&utext);
  return clusters;
}

std::size_t display_width(std::string_view text) {
  if (is_printable_ascii(text)) return text.size();
  std::size_t width = 0;
  for (const auto character : visible_characters(text)) width += cluster_width(character);
  return width;
}

std::string pad_to_width(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(text) + std::string(taken < width ? width - taken : 0, ' ');
}

std::string pad_left_to_width(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(taken < width ? width - taken : 0, ' ') + std::string(text);
}

std::string truncate_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return "";
  std::size_t taken = 0;
  std::size_t end = 0;
  for (const auto character : visible_characters(text)) {
    taken += cluster_width(character);
    if (taken > width - 1) break;
    end += character.size();
  }
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace weft
