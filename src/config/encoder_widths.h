#pragma once
// Sizes that follow from an encoder's options.

#include <cstdint>

#include "config/model_options.h"

namespace weft {

/// How many cells read the inputs of a layer: one from each end, or one.
int64_t readers_of_layer(const EncoderOptions& options, int64_t layer);

/// Units of an annotation, C.
int64_t annotation_width(const EncoderOptions& options, int64_t embedding);

}  // namespace weft
