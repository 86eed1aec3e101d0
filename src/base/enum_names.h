#pragma once
// What the values of an enum are called in files and on the command line. For each such enum there
// is a function enum_names(Enum) that returns a std::array of EnumName, in its namespace.

#include <string>
#include <vector>

namespace weft {

template <class Enum>
struct EnumName {
  Enum value;
  const char* name;
};

// Clang before 17 does not deduce it by itself.
template <class Enum>
EnumName(Enum, const char*) -> EnumName<Enum>;

/// The name of `value`.
template <class Enum>
std::string to_name(Enum value) {
  for (const auto& entry : enum_names(Enum{}))
    if (entry.value == value) return entry.name;
  return "";
}

/// Returns false, and leaves `value` alone, when no value has that name.
template <class Enum>
bool from_name(const std::string& name, Enum& value) {
  for (const auto& entry : enum_names(Enum{})) {
    if (name != entry.name) continue;
    value = entry.value;
    return true;
  }
  return false;
}

template <class Enum>
std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const auto& entry : enum_names(Enum{})) names.emplace_back(entry.name);
  return names;
}

}  // namespace weft
