#include "text/control_characters.h"

#include <algorithm>

#include "base/utf8.h"

namespace weft {
namespace {

bool is_control_character(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; }

}  // namespace

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_control_character);
}

void make_printable(std::string& text) {
  std::replace_if(text.begin(), text.end(), is_control_character, ' ');
  for (auto invalid = first_invalid_utf8(text); invalid; invalid = first_invalid_utf8(text))
    text[*invalid] = '?';
}

}  // namespace weft
