#pragma once
// Files that the program carries in itself (cmake/WeftEmbed.cmake).

#include <string_view>

namespace weft {

extern const std::string_view kPageFile;         ///< page/page.html
extern const std::string_view kDescriptionFile;  ///< openapi.json

}  // namespace weft
