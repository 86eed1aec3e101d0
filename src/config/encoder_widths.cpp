#include "config/encoder_widths.h"

namespace weft {

int64_t readers_of_layer(const EncoderOptions& options, int64_t layer) {
  switch (options.direction) {
    case EncoderDirection::kBidirectional:
    case EncoderDirection::kAlternating:
      return 2;
    case EncoderDirection::kFirstBidirectional:
      return layer == 0 ? 2 : 1;
    case EncoderDirection::kForward:
      return 1;
  }
  return 2;
}

int64_t annotation_width(const EncoderOptions& options, int64_t embedding) {
  if (options.type == EncoderType::kEmbeddings) return embedding;
  return readers_of_layer(options, options.layers - 1) * options.hidden;
}

}  // namespace weft
