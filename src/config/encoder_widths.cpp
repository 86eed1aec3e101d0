#include "config/encoder_widths.h"

#include <numeric>

namespace weft {

int64_t source_width(const EmbeddingOptions& options) {
  if (options.factor_combine == FactorCombination::kSum) return options.source;
  return std::accumulate(options.factors.begin(), options.factors.end(), options.source);
}

int64_t directions_of_layer(const EncoderOptions& options, int64_t layer) {
  switch (options.direction) {
    case EncoderDirection::kBidirectional:
    case EncoderDirection::kAlternating:
      return 2;
    case EncoderDirection::kFirstBidirectional:
      return layer == 0 ? 2 : 1;
    case EncoderDirection::kForward:
    case EncoderDirection::kBackward:
      return 1;
  }
  return 2;
}

int64_t inputs_of_layer(const EncoderOptions& options, int64_t layer, int64_t embedding) {
  if (layer == 0) return embedding;
  // Each of two stacks reads its own half.
  const bool own_stacks = options.direction == EncoderDirection::kAlternating;
  const int64_t read = own_stacks ? 1 : directions_of_layer(options, layer - 1);
  return options.pyramid * read * options.hidden;
}

bool reads_recurrently(const EncoderOptions& options, SourceKind kind) {
  switch (options.type) {
    case EncoderType::kRecurrent:
    case EncoderType::kRows:
      return true;
    case EncoderType::kEmbeddings:
      return false;
    case EncoderType::kAnnotations:
      return kind == SourceKind::kText;
  }
  return true;
}

int64_t annotation_width(const ModelOptions& model, const std::vector<SourceKind>& sources) {
  const auto& encoder = model.encoder;
  for (const auto kind : sources) {
    if (reads_recurrently(encoder, kind))
      return directions_of_layer(encoder, encoder.layers - 1) * encoder.hidden;
  }
  return sources.front() == SourceKind::kText ? source_width(model.embedding)
                                              : model.embedding.source;
}

int64_t input_width(const ModelOptions& model, const std::vector<SourceKind>& sources,
                    SourceKind kind) {
  if (kind == SourceKind::kText) return source_width(model.embedding);
  return reads_recurrently(model.encoder, kind) ? model.embedding.source
                                                : annotation_width(model, sources);
}

}  // namespace weft
