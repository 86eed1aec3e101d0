#pragma once
// Sizes that follow from an encoder's options.

#include <cstdint>

#include "config/model_options.h"

namespace weft {

/// Units of what an encoder reads: a word's embedding combined with its factors'.
int64_t source_width(const EmbeddingOptions& options);

/// How many cells read the inputs of a layer: one from each end, or one.
int64_t directions_of_layer(const EncoderOptions& options, int64_t layer);

/// The width of what a cell of a layer reads: the embedding, or what the layer below gives it, of
/// as many positions as a pyramid joins.
int64_t inputs_of_layer(const EncoderOptions& options, int64_t layer, int64_t embedding);

/// Units of an annotation, C.
int64_t annotation_width(const EncoderOptions& options, int64_t embedding);

}  // namespace weft
