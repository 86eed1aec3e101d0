#pragma once
// Pictures through a network that somebody else has trained.

#include <memory>

#include "config/item_options.h"
#include "media/source_items.h"

namespace weft {

/// What the TorchScript `options.network` makes of each picture, uint8 [1, C, H, W] in and floats
/// [1, D, h, w] out, as a grid of vectors. Kept in the folder options.cache, if one is given: those
/// that are not there are made now. Throws UserError if the file is no TorchScript, or gives
/// something else. Running a TorchScript runs what its author wrote.
std::unique_ptr<FeatureItems> network_features(std::unique_ptr<PictureItems> pictures,
                                               const ItemOptions& options);

/// SHA-256 of a file, 64 hexadecimal digits. Throws UserError if it cannot be read.
std::string network_hash(const std::string& path);

}  // namespace weft
