#pragma once
// Files that other programs wrote, and what they say is in them.

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "media/item_names.h"
#include "media/source_items.h"

namespace weft {

inline std::string golden_path(const std::string& name) { return WEFT_GOLDEN "/media/" + name; }

inline std::string golden_bytes(const std::string& name) {
  std::ifstream file(golden_path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline nlohmann::json golden_json(const std::string& name) {
  return nlohmann::json::parse(golden_bytes(name));
}

/// Lines 1, 2, ... of "items.txt".
inline ItemNames names_of(const std::vector<std::string>& lines, const std::string& root = "") {
  ItemNames names(root);
  int number = 0;
  for (const auto& line : lines) names.add(line, {"items.txt", ++number});
  return names;
}

inline std::vector<float> numbers_of(const FeatureItems& items, int64_t item) {
  const auto shape = items.shape(item);
  std::vector<float> numbers(static_cast<std::size_t>(shape.length * shape.width));
  items.copy(item, numbers.data());
  return numbers;
}

}  // namespace weft
