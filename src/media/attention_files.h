#pragma once
// Pictures of attention as files.

#include <cstddef>
#include <string>

#include "align/grid_attention.h"
#include "base/error.h"
#include "config/media_options.h"

namespace weft {

/// A line of a source.
struct SeenLine {
  std::size_t number = 1;  ///< of the files
  std::string item;        ///< what it names
  Location place = {};     ///< where it stands, for messages
};

/// What the lines of a source name.
struct SeenItems {
  SourceKind kind = SourceKind::kImage;  ///< but no text
  std::string root = {};                 ///< folder that relative paths start from
  ImageOptions image = {};
  AudioOptions audio = {};
};

/// Which files are written of a line.
struct ShownFiles {
  bool png = true, svg = true, html = true;
};

/// Writes NUMBER.png, NUMBER.svg and NUMBER.html (five digits), or some of them, into the folder,
/// which is there: what each word looked at (attention_picture.h) of the item that `line` names.
/// Features, which are not to be seen, are a grey picture. Throws UserError if the item cannot be
/// read, the files cannot be written, or Weft was built without pictures; std::invalid_argument as
/// check_grid() does.
void write_attention_files(const std::string& directory, const SeenLine& line,
                           const SeenItems& items, const GridAttention& attention,
                           const ShownFiles& files = {});

}  // namespace weft
