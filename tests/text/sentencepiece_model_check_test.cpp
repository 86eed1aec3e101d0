#include "text/sentencepiece_model_check.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "text/handmade_model.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/user_error.h"

namespace weft {
namespace {

using testing::HasSubstr;

/// A double array written by hand: unit = offset << 10 | has value << 8 | label; a value has the
/// highest bit. Rules: "a" is replaced by the text at `value`.
struct HandmadeCharsmap {
  static constexpr uint32_t kEnd = 300;  // a base from which no byte leads on
  std::vector<uint32_t> units = std::vector<uint32_t>(512, 0xFF);
  std::string texts = std::string("\0xy\0", 4);

  HandmadeCharsmap() {
    for (std::size_t i = 0; i < units.size(); ++i) units[i] = 1 ^ (i & 0xFF);  // no label fits
    units[0] = 256 << 10;
    set_rule(256, 'a', kEnd, 1);
  }
  /// From `base` the byte leads to `next` (an offset from its unit) and to the text at `value`.
  void set_rule(uint32_t base, unsigned char byte, uint32_t next_base, uint32_t value) {
    const uint32_t at = base ^ byte;
    units[at] = (at ^ next_base) << 10 | 1 << 8 | byte;
    units[next_base] = 0x80000000U | value;
  }
  std::string bytes() const {
    const auto size = static_cast<uint32_t>(units.size() * sizeof(uint32_t));
    std::string all(sizeof size + size, '\0');
    std::memcpy(all.data(), &size, sizeof size);
    std::memcpy(all.data() + sizeof size, units.data(), size);
    return all + texts;
  }
};

std::string complaint(const HandmadeCharsmap& map, bool denormalizer = false) {
  HandmadeModel model;
  model.pieces.push_back({"x"});
  (denormalizer ? model.denormalizer : model.charsmap) = map.bytes();
  const std::string bytes = model.serialized();
  return user_error([&] { check_sentencepiece_model(bytes, "m.model"); });
}

constexpr const char* kDamaged =
    "m.model: its rules of normalisation are damaged; expected a SentencePiece model";

TEST(ModelCheck, TakesRulesThatStayWithinTheirTables) {
  HandmadeCharsmap map;
  EXPECT_EQ(complaint(map), "nothing thrown");
  HandmadeModel model;
  for (const char* piece : {"x", "y", "▁"}) model.pieces.push_back({piece});
  model.charsmap = map.bytes();
  const SentencePieceVocabulary vocabulary(model.serialized(), "m.model");
  EXPECT_THAT(vocabulary.encode("a").pieces, testing::ElementsAre("▁", "x", "y"));
}

TEST(ModelCheck, TakesTablesFilledWithZeros) {
  HandmadeCharsmap map;
  for (uint32_t& unit : map.units)
    if ((unit >> 8) == 0) unit = 0;
  EXPECT_EQ(complaint(map), "nothing thrown");
}

TEST(ModelCheck, RefusesTablesThatLeadOut) {
  for (const bool denormalizer : {false, true}) {
    HandmadeCharsmap value, text, inside, root, deep;
    value.set_rule(256, 'a', HandmadeCharsmap::kEnd, 4);
    EXPECT_EQ(complaint(value, denormalizer), kDamaged) << "a value behind the texts";
    text.texts = "xyz";
    EXPECT_EQ(complaint(text, denormalizer), kDamaged) << "a text without an end";
    inside.texts = std::string("\0\xC3\xA4\0", 4);
    EXPECT_EQ(complaint(inside, denormalizer), "nothing thrown");
    inside.set_rule(256, 'a', HandmadeCharsmap::kEnd, 2);
    EXPECT_EQ(complaint(inside, denormalizer), kDamaged) << "a value within a character";
    inside.texts[1] = '\xFF';
    EXPECT_EQ(complaint(inside, denormalizer), kDamaged) << "a text that is not UTF-8";
    root.units[0] = 1024 << 10;
    EXPECT_EQ(complaint(root, denormalizer), kDamaged) << "a root outside";
    deep.units[256 ^ 'a'] = ((256 ^ 'a') ^ 4096) << 10 | 'a';
    EXPECT_EQ(complaint(deep, denormalizer), kDamaged) << "a step outside";
  }
}

TEST(ModelCheck, RefusesTablesThatLeadRoundOrMeetTooManyRules) {
  HandmadeCharsmap round;
  round.set_rule(256, 'a', 256, 1);
  EXPECT_EQ(complaint(round), kDamaged);
  HandmadeCharsmap nested;  // a, aa, aaa, ...: each in a block of its own
  nested.units.resize(256 * 40);
  for (std::size_t i = 512; i < nested.units.size(); ++i) nested.units[i] = 1 ^ (i & 0xFF);
  for (uint32_t k = 1; k <= 32; ++k) nested.set_rule(256 * k, 'a', 256 * (k + 1), 1);
  EXPECT_EQ(complaint(nested), "nothing thrown");
  nested.set_rule(256 * 33, 'a', 256 * 34, 1);
  EXPECT_EQ(complaint(nested), kDamaged);
}

TEST(ModelCheck, RefusesMapsCutShort) {
  const std::string whole = HandmadeCharsmap().bytes();
  for (const std::size_t size : {1, 3, 4, 5, 100, 2051, 2052, 2053}) {
    HandmadeModel model;
    model.charsmap = whole.substr(0, size);
    const std::string bytes = model.serialized();
    EXPECT_EQ(user_error([&] { check_sentencepiece_model(bytes, "m.model"); }), kDamaged) << size;
  }
}

TEST(ModelCheck, RefusesTooManySymbolsThatBeginWithOneAnother) {
  HandmadeModel model;
  model.pieces.push_back({"▁"});
  for (std::size_t size = 1; size <= 64; ++size)
    model.pieces.push_back({std::string(size, 'a'), PieceType::kUserDefined});
  const SentencePieceVocabulary vocabulary(model.serialized(), "m.model");
  EXPECT_EQ(vocabulary.decode(vocabulary.encode(std::string(500, 'a')).ids).text,
            std::string(500, 'a'));
  model.pieces.push_back({std::string(65, 'a'), PieceType::kUserDefined});
  EXPECT_THAT(user_error([&] { SentencePieceVocabulary(model.serialized(), "m.model"); }),
              HasSubstr("more than 64 user-defined symbols"));
}

}  // namespace
}  // namespace weft
