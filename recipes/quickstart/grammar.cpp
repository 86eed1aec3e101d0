#include "quickstart/grammar.h"

namespace weft::quickstart {

int Category::find_field(const std::string& field_name) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == field_name) return static_cast<int>(i);
  }
  return -1;
}

int Category::first_field(Side side) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].side == side) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace weft::quickstart
