#pragma once
// Which items the lines of a source name.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/item_source.h"
#include "text/text_column.h"

namespace weft {

/// The items of a source, and which of them each of its lines names.
struct LineItems {
  std::shared_ptr<const ItemSource> items;  ///< null if no line names one
  std::vector<int32_t> of_lines;            ///< from 0; -1: the line is blank
};

/// Looks for the items of all lines of these files, which count as one text. Throws UserError with
/// the place of the first line whose item is missing or cannot be used.
LineItems find_items(const std::vector<TextColumn>& files, const ItemOptions& options);

/// The same for lines at hand; `place` says where line number i stands, from 0.
LineItems find_items(const std::vector<std::string>& lines,
                     const std::function<Location(std::size_t)>& place, const ItemOptions& options);

}  // namespace weft
