#pragma once
// SentencePiece models written by hand, right and wrong: the protocol buffers of
// sentencepiece_model.proto, as far as tests need them.

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace weft {

/// The types of pieces, by SentencePiece's numbers.
enum class PieceType {
  kNormal = 1,
  kUnknown = 2,
  kControl = 3,
  kUserDefined = 4,
  kUnused = 5,
  kByte = 6
};

struct HandmadePiece {
  std::string text;
  PieceType type = PieceType::kNormal;
  float score = -1;
};

struct HandmadeModel {
  std::vector<HandmadePiece> pieces = {{"<unk>", PieceType::kUnknown, 0},
                                       {"<s>", PieceType::kControl, 0},
                                       {"</s>", PieceType::kControl, 0}};
  bool byte_fallback = false;     ///< wants all 256 byte pieces
  std::string charsmap = {};      ///< normalizer_spec.precompiled_charsmap
  std::string denormalizer = {};  ///< denormalizer_spec.precompiled_charsmap
  bool suffixes = false;          ///< trainer_spec.treat_whitespace_as_suffix
  std::string unknown_surface = " \xE2\x81\x87 ";

  void add_bytes() {
    byte_fallback = true;
    constexpr const char* kHex = "0123456789ABCDEF";
    for (int byte = 0; byte < 256; ++byte)
      pieces.push_back(
          {std::string("<0x") + kHex[byte >> 4] + kHex[byte & 15] + ">", PieceType::kByte, 0});
  }
  std::string serialized() const;
};

namespace internal {

inline std::string varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}
inline std::string tag(int field, int wire) {
  return varint(static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(wire));
}
inline std::string bytes_field(int field, const std::string& bytes) {
  return tag(field, 2) + varint(bytes.size()) + bytes;
}
inline std::string number_field(int field, uint64_t value) { return tag(field, 0) + varint(value); }
inline std::string float_field(int field, float value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  return tag(field, 5) + bytes;
}

}  // namespace internal

inline std::string HandmadeModel::serialized() const {
  using namespace internal;
  std::string model;
  for (const auto& piece : pieces) {
    model += bytes_field(1, bytes_field(1, piece.text) + float_field(2, piece.score) +
                                number_field(3, static_cast<uint64_t>(piece.type)));
  }
  std::string trainer = number_field(3, 1);  // unigram
  trainer += number_field(35, byte_fallback ? 1 : 0) + bytes_field(44, unknown_surface);
  trainer += number_field(24, suffixes ? 1 : 0);
  model += bytes_field(2, trainer);
  model += bytes_field(3, bytes_field(1, "handmade") + bytes_field(2, charsmap));
  if (!denormalizer.empty()) model += bytes_field(5, bytes_field(2, denormalizer));
  return model;
}

}  // namespace weft
