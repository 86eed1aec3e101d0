#pragma once
// What each word looked at, drawn over the picture: the whiter, the more weight (Xu et al. 2015,
// arXiv:1502.03044, figure 5). Each throws std::invalid_argument as check_grid() does.

#include <string>

#include "align/grid_attention.h"
#include "config/media_options.h"
#include "media/picture.h"

namespace weft {

/// The picture whose parts the cells of the grid are: as large as `side` pixels at most, with the
/// proportions that people know where the options stretch it, otherwise as the options cut it.
Picture shown_picture(const Picture& picture, const ImageOptions& options, int64_t side = 320);

/// Mel spectra as a grey picture: time to the right, high sounds at the top. `vectors` is
/// [frames, width].
Picture spectrum_picture(const float* vectors, int64_t frames, int64_t width);

/// How bright each pixel of a picture of this size is lit: the word's weights over the largest of
/// them, from 0 to 255, between the middles of the cells bilinear.
Picture attention_light(const GridAttention& attention, std::size_t word, int64_t height,
                        int64_t width);

/// The picture, darkened to 40 per cent, with the light over it: white where the weight is largest,
/// so much that only a tenth of the picture is left.
Picture attention_tile(const Picture& picture, const GridAttention& attention, std::size_t word);

/// All tiles in one picture, `in_row` beside each other, the picture itself first, white between
/// them. The words are not on it: no font is, but tiles come in their order.
Picture attention_sheet(const Picture& picture, const GridAttention& attention, int64_t in_row = 6);

/// The same as SVG, with each word under its tile.
std::string attention_svg(const Picture& picture, const GridAttention& attention);

/// A page of HTML without anything from elsewhere: the picture, and its words; where the pointer or
/// the keyboard is on a word, the picture shows what the word looked at. Below it `svg`:
/// attention_svg() or sound_attention_svg().
std::string attention_page(const std::string& title, const Picture& picture,
                           const GridAttention& attention, const std::string& svg);

/// Sound as SVG: its spectrum, below it words against time, and seconds.
std::string sound_attention_svg(const Picture& spectrum, const GridAttention& attention,
                                double seconds);

}  // namespace weft
