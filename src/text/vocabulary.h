#pragma once
// Text to token ids and back, with the place of every token in the line.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.h"

namespace weft {

/// Ids every vocabulary reserves, in this order.
inline constexpr int64_t kPadId = 0;
inline constexpr int64_t kUnknownId = 1;
inline constexpr int64_t kBeginId = 2;
inline constexpr int64_t kEndId = 3;
inline constexpr int64_t kFirstOrdinaryId = 4;

struct EncodedLine {
  std::vector<int32_t> ids;         ///< without begin or end of sentence
  std::vector<std::string> pieces;  ///< as the vocabulary spells them
  std::vector<Span> spans;          ///< bytes of the original line each token stands for
};

/// How a segmentation is drawn.
struct SegmentationDraw {
  double alpha = 0;   ///< SubwordSamplingOptions'; 0: the best one
  int64_t nbest = 0;  ///< SubwordSamplingOptions'
  uint32_t seed = 0;
};

struct DecodedLine {
  std::string text;  ///< detokenised
  std::vector<std::string> pieces;
  std::vector<Span> spans;  ///< bytes of `text`, one span per id given
};

/// A fixed list of tokens. Two kinds: SentencePiece and plain words.
class Vocabulary {
 public:
  virtual ~Vocabulary() = default;
  virtual int64_t size() const = 0;
  virtual std::string_view piece(int64_t id) const = 0;
  virtual EncodedLine encode(std::string_view line) const = 0;
  /// A segmentation drawn at random, the same for the same draw; encode() where there is but one.
  virtual EncodedLine sample(std::string_view line, const SegmentationDraw& draw) const;
  /// The bytes that a token adds to a line: " house", "house", one byte of a character. decode()
  /// joins them and leaves out a blank in front. Nothing for pad, begin and end of sentence.
  virtual std::string text_of(int64_t id) const = 0;
  /// Ids of pad, begin and end of sentence produce no text (an empty span).
  virtual DecodedLine decode(const std::vector<int32_t>& ids) const = 0;
  /// Ids whose text no line can hold: line feeds, carriage returns, NUL and the other control
  /// characters below U+0020, tabs excepted, also as single bytes of a SentencePiece model.
  /// decode() writes a space for each of these characters; search should not choose them at all.
  virtual std::vector<int32_t> unprintable_ids() const = 0;
  /// Bytes that load_vocabulary() reads back: what a model directory stores.
  virtual const std::string& serialized() const = 0;
  /// File name within a model directory, after "source" or "target": ".spm" or ".words".
  virtual std::string_view file_ending() const = 0;
};

inline EncodedLine Vocabulary::sample(std::string_view line, const SegmentationDraw&) const {
  return encode(line);
}

/// `line` behind a tag and a blank. Spans are those of the line; tokens of the tag stand for
/// nothing of it. A line without tokens has none then either. No tag: "".
EncodedLine encode_tagged(const Vocabulary& vocabulary, const std::string& tag,
                          std::string_view line, const SegmentationDraw& draw = {});

}  // namespace weft
