#pragma once

#include <stdexcept>

namespace weft {

/// What is wrong with the bytes of an item, as what follows its name in a message: "is truncated".
/// Whoever knows the item's line makes a UserError of it.
class FormatError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace weft
