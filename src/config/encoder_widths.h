#pragma once
// Sizes that follow from an encoder's options.

#include <cstdint>
#include <vector>

#include "config/media_options.h"
#include "config/model_options.h"

namespace weft {

/// Units of what an encoder reads: a word's embedding combined with its factors'.
int64_t source_width(const EmbeddingOptions& options);

/// How many cells read the inputs of a layer: one from each end, or one.
int64_t directions_of_layer(const EncoderOptions& options, int64_t layer);

/// The width of what a cell of a layer reads: the embedding, or what the layer below gives it, of
/// as many positions as a pyramid joins.
int64_t inputs_of_layer(const EncoderOptions& options, int64_t layer, int64_t embedding);

/// Whether cells read a source of this kind.
bool reads_recurrently(const EncoderOptions& options, SourceKind kind);

/// Units of an annotation, C, the same in all sources of a model.
int64_t annotation_width(const ModelOptions& model, const std::vector<SourceKind>& sources);

/// Units of what the encoder of one of these sources reads: E.
int64_t input_width(const ModelOptions& model, const std::vector<SourceKind>& sources,
                    SourceKind kind);

}  // namespace weft
