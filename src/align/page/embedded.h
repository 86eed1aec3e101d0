#pragma once
// Files that the library carries in itself (cmake/WeftEmbed.cmake).

#include <string_view>

namespace weft {

extern const std::string_view kAlignmentsBegin;     ///< alignments_begin.html
extern const std::string_view kAlignmentsControls;  ///< alignments_controls.html
extern const std::string_view kAlignmentsEnd;       ///< alignments_end.html

}  // namespace weft
