#include "text/sentencepiece_model_check.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <optional>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "base/utf8.h"

namespace weft {
namespace {

/// The fields of a protocol buffer's message, one after the other.
class MessageFields {
 public:
  explicit MessageFields(std::string_view message) : rest_(message) {}

  struct Field {
    uint64_t number = 0;
    uint64_t value = 0;      ///< of a number
    std::string_view bytes;  ///< of text or a message inside
  };

  /// Nothing at the end, and where the bytes are no message.
  std::optional<Field> next() {
    const auto tag = varint();
    if (!tag) return std::nullopt;
    Field field{*tag >> 3, 0, {}};
    switch (*tag & 7) {
      case 0: {
        const auto value = varint();
        if (!value) return std::nullopt;
        field.value = *value;
        return field;
      }
      case 1:
        return take(field, 8);
      case 2: {
        const auto size = varint();
        return size ? take(field, *size) : std::nullopt;
      }
      case 5:
        return take(field, 4);
      default:
        return std::nullopt;
    }
  }
  bool is_at_end() const { return rest_.empty(); }

 private:
  std::optional<uint64_t> varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    return std::nullopt;
  }

  std::optional<Field> take(Field field, uint64_t size) {
    if (size > rest_.size()) return std::nullopt;
    field.bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return field;
  }

  std::string_view rest_;
};

/// A precompiled_charsmap: the bytes of a double array (Darts-clone) whose values are places in the
/// text behind it, where the replacement stands up to the next NUL.
class Charsmap {
 public:
  explicit Charsmap(std::string_view map) {
    uint32_t size = 0;
    if (map.size() < sizeof size) return;
    std::memcpy(&size, map.data(), sizeof size);
    map.remove_prefix(sizeof size);
    if (size > map.size() || size < sizeof(uint32_t)) return;
    units_.resize(size / sizeof(uint32_t));
    std::memcpy(units_.data(), map.data(), units_.size() * sizeof(uint32_t));
    texts_ = map.substr(size);
  }

  bool is_sound() {
    if (units_.empty() || texts_.empty() || texts_.back() != '\0' || first_invalid_utf8(texts_))
      return false;
    sort_by_base();
    const auto rules = rules_below(offset(units_[0]), 0);
    return rules && *rules <= kMostRules;
  }

 private:
  static constexpr int kMostRules = 32;   // that SentencePiece has room for: prefixes of one text
  static constexpr int kMostBytes = 256;  // of the text that a rule replaces
  static constexpr std::size_t kLongest = 1000;  // bytes of a replacement
  static constexpr int kUnknown = -1;

  static uint32_t label(uint32_t unit) { return unit & (0x80000000U | 0xFF); }
  static uint32_t offset(uint32_t unit) { return (unit >> 10) << ((unit & (1U << 9)) >> 6); }
  static bool has_value(uint32_t unit) { return (unit >> 8 & 1) != 0; }

  bool is_replacement(uint32_t place) const {
    if (place >= texts_.size()) return false;
    const bool begins_character = (static_cast<unsigned char>(texts_[place]) & 0xC0) != 0x80;
    return begins_character && texts_.find('\0', place) - place <= kLongest;
  }

  /// A byte leads from a base to where its bits differ from the base's by it: each unit's base is
  /// known from its own place, and the units of a base are found without trying 256 places.
  void sort_by_base() {
    const auto base_of = [&](std::size_t place) { return place ^ label(units_[place]); };
    const auto is_reached = [&](std::size_t place) { return label(units_[place]) <= 0xFF; };
    first_child_.assign(units_.size() + 0x101, 0);
    for (std::size_t place = 0; place < units_.size(); ++place)
      if (is_reached(place)) ++first_child_[base_of(place) + 1];
    std::partial_sum(first_child_.begin(), first_child_.end(), first_child_.begin());
    children_.resize(first_child_.back());
    auto next = first_child_;
    for (std::size_t place = 0; place < units_.size(); ++place)
      if (is_reached(place)) children_[next[base_of(place)]++] = static_cast<uint32_t>(place);
    known_.assign(units_.size(), kUnknown);
  }

  /// The most rules that one text meets whose first bytes led to `base`; nothing if one of its next
  /// bytes leads out of the array, or round in it.
  std::optional<int> rules_below(uint32_t base, int depth) {
    if ((base | 0xFF) >= units_.size() || depth > kMostBytes) return std::nullopt;
    if (known_[base] != kUnknown) return known_[base];
    int most = 0;
    for (uint32_t i = first_child_[base]; i < first_child_[base + 1]; ++i) {
      const uint32_t unit = units_[children_[i]];
      const uint32_t next = children_[i] ^ offset(unit);
      if (next == base && !has_value(unit)) continue;  // a NUL where an array is filled with zeros
      auto rules = rules_below(next, depth + 1);
      if (!rules) return std::nullopt;
      if (has_value(unit)) {
        if (!is_replacement(units_[next] & 0x7FFFFFFFU)) return std::nullopt;
        ++*rules;
      }
      most = std::max(most, *rules);
    }
    known_[base] = most;
    return most;
  }

  std::vector<uint32_t> units_;
  std::string_view texts_;
  std::vector<uint32_t> first_child_;  // of each base, and the end of the last one's
  std::vector<uint32_t> children_;     // places of units
  std::vector<int> known_;             // of each base
};

/// Whether every map of a NormalizerSpec is sound.
bool has_sound_map(std::string_view normalizer) {
  constexpr uint64_t kPrecompiledCharsmap = 2;
  MessageFields fields(normalizer);
  while (const auto field = fields.next()) {
    if (field->number != kPrecompiledCharsmap || field->bytes.empty()) continue;
    if (!Charsmap(field->bytes).is_sound()) return false;
  }
  return fields.is_at_end();
}

/// The text of a piece that is a user-defined symbol; nothing for others.
std::optional<std::string_view> user_defined_symbol(std::string_view piece) {
  constexpr uint64_t kPiece = 1, kType = 3, kUserDefined = 4;
  std::string_view text;
  bool is_user_defined = false;
  MessageFields fields(piece);
  while (const auto field = fields.next()) {
    if (field->number == kPiece) text = field->bytes;
    // Protocol buffers cut a number down to its type, here 32 bits.
    if (field->number == kType)
      is_user_defined = static_cast<uint32_t>(field->value) == kUserDefined;
  }
  return is_user_defined ? std::optional(text) : std::nullopt;
}

/// Whether no symbol begins with more others than SentencePiece has room for.
bool has_room(const std::unordered_set<std::string_view>& symbols) {
  constexpr int kMostPrefixes = 64;
  for (const std::string_view symbol : symbols) {
    int prefixes = 0;
    for (std::size_t size = 1; size <= symbol.size(); ++size)
      prefixes += symbols.contains(symbol.substr(0, size));
    if (prefixes > kMostPrefixes) return false;
  }
  return true;
}

}  // namespace

void check_sentencepiece_model(std::string_view model, const std::string& name) {
  constexpr uint64_t kPieces = 1, kNormalizer = 3, kDenormalizer = 5;
  std::unordered_set<std::string_view> symbols;
  MessageFields fields(model);
  while (const auto field = fields.next()) {
    const bool is_map = field->number == kNormalizer || field->number == kDenormalizer;
    if (is_map && !has_sound_map(field->bytes))
      throw UserError({name},
                      "its rules of normalisation are damaged; expected a SentencePiece model");
    if (field->number != kPieces) continue;
    if (const auto symbol = user_defined_symbol(field->bytes)) symbols.insert(*symbol);
  }
  if (!fields.is_at_end()) throw UserError({name}, "not a SentencePiece model, or a damaged one");
  if (!has_room(symbols))
    throw UserError({name}, "more than 64 user-defined symbols begin with one another");
}

}  // namespace weft
