#pragma once
// Pictures of attention as files.

#include <cstddef>
#include <string>

#include "align/grid_attention.h"
#include "config/media_options.h"

namespace weft {

/// What the lines of a source name.
struct SeenItems {
  SourceKind kind = SourceKind::kImage;  ///< but no text
  std::string root = {};                 ///< folder that relative paths start from
  ImageOptions image = {};
  AudioOptions audio = {};
};

/// Writes NUMBER.png, NUMBER.svg and NUMBER.html (five digits) into the folder, which is there:
/// what each word looked at (attention_picture.h) of the item that `line` names. Features, which
/// are not to be seen, are a grey picture. Throws UserError if the item cannot be read, the files
/// cannot be written, or Weft was built without pictures; std::invalid_argument as check_grid()
/// does.
void write_attention_files(const std::string& directory, std::size_t number,
                           const std::string& line, const SeenItems& items,
                           const GridAttention& attention);

}  // namespace weft
