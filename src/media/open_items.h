#pragma once
// Items of every kind, from the lines that name them.

#include <memory>

#include "config/media_options.h"
#include "media/item_names.h"
#include "media/source_items.h"

namespace weft {

/// Each looks at every item's file, but decodes none but features: that it is there, what it is and
/// how large. Throws UserError with the lines of the items that are missing, of another kind, or
/// larger than allowed, as for_each_item() does.

/// Vectors from .npy, .safetensors ("file.safetensors#tensor"), Kaldi's .ark ("file.ark:offset")
/// and Sphinx' .mfc: [S, D], or a grid [h, w, D]. All items have the width of the first, or `width`
/// unless that is 0.
std::unique_ptr<FeatureItems> open_features(ItemNames names, int64_t width = 0);

/// The same with differences, or normalized, as the options say. Throws UserError if grids shall
/// have differences.
std::unique_ptr<FeatureItems> prepare_features(std::unique_ptr<FeatureItems> items,
                                               const FeatureOptions& options);

/// Pictures: JPEG, PNG, WebP, PGM and PPM. Throws UserError that names the package if Weft was
/// built without it.
std::unique_ptr<PictureItems> open_pictures(ItemNames names, const ImageOptions& options);

/// Sound as logarithms of mel spectra: WAV, FLAC, Ogg, MP3, AIFF. Throws as open_pictures() does.
std::unique_ptr<FeatureItems> open_audio(ItemNames names, const AudioOptions& options);

}  // namespace weft
