#include "aligner/word_units.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "base/utf8.h"
#include "base/words.h"

namespace weft {
namespace {

constexpr std::size_t kPrefixLength = 4;

// So that a character, a prefix and a whole word of the same spelling are three units.
enum class UnitKind : char { kCharacter = 'c', kPrefix = 'p', kWord = 'w' };

std::string unit(UnitKind kind, std::u32string_view characters) {
  std::string name(1, static_cast<char>(kind));
  for (const char32_t c : characters) append_utf8(name, c);
  return name;
}

}  // namespace

std::vector<std::string> units_of(std::string_view key) {
  std::u32string characters;
  for (std::size_t offset = 0; offset < key.size();)
    characters.push_back(next_code_point(key, offset));
  std::vector<std::string> units;
  if (std::any_of(characters.begin(), characters.end(), is_unspaced_letter)) {
    for (const char32_t c : characters) units.push_back(unit(UnitKind::kCharacter, {&c, 1}));
    return units;
  }
  const bool is_word = characters.size() > 1 && u_isalnum(static_cast<UChar32>(characters[0]));
  if (!is_word) return {unit(UnitKind::kWord, characters)};
  return {unit(UnitKind::kPrefix, std::u32string_view(characters).substr(0, kPrefixLength))};
}

WordUnits::WordUnits(const WordTypes& types, const std::vector<std::uint32_t>& frequencies) {
  for (WordTypes::Id type = 0; type < types.size(); ++type) {
    for (const auto& name : units_of(types.key(type))) units_.push_back(names_.add_key(name));
    begins_.push_back(units_.size());
    frequency_per_unit_.push_back(static_cast<double>(frequencies[type]) /
                                  static_cast<double>(of(type).size()));
  }
  masses_.assign(names_.size(), 0.0);
  for (WordTypes::Id type = 0; type < types.size(); ++type)
    for (const Id id : of(type)) masses_[id] += frequency_per_unit_[type];
}

}  // namespace weft
