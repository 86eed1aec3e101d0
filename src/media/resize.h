#pragma once
// Pictures of another size.

#include "config/media_options.h"
#include "media/picture.h"

namespace weft {

/// Part of a picture, in pixels.
struct PictureBox {
  double left = 0, top = 0, right = 0, bottom = 0;
};

/// `box` of the picture as height x width pixels: bilinear, and, where it shrinks, a mean over all
/// the pixels that fall into one (Pillow's BILINEAR, which pretrained networks were trained with,
/// to the bit).
Picture resize(const Picture& picture, const PictureBox& box, int64_t height, int64_t width);

/// As the options say, channels included.
Picture fit_picture(const Picture& picture, const ImageOptions& options);

}  // namespace weft
