#pragma once

#include "base/error.h"
#include "media/format_error.h"
#include "media/item_names.h"

namespace weft {

/// Calls use(), and says on which line the item stands if something is wrong with it.
template <class Use>
void at_item(const ItemNames& names, int64_t item, Use use) {
  try {
    use();
  } catch (const FormatError& error) {
    names.fail(item, error.what());
  } catch (const UserError& error) {
    throw UserError(names.location(item), error.what());
  }
}

}  // namespace weft
