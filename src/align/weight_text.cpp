#include "align/weight_text.h"

#include <array>
#include <charconv>

namespace weft {

std::string weight_text(float weight) {
  constexpr int kSignificantDigits = 6;
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), weight,
                                 std::chars_format::general, kSignificantDigits);
  return {buffer.data(), end.ptr};
}

}  // namespace weft
