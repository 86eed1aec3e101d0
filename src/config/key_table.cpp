#include "config/key_table.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/messages.h"
#include "config/scalar_text.h"

namespace weft {
namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// True when `path` is `section` or lies inside it.
bool lies_in(const std::string& path, const std::string& section) {
  return section.empty() || path == section || path.starts_with(section + ".");
}

std::string place_name(const std::string& section) {
  return section.empty() ? "the top level" : section;
}

}  // namespace

std::string join_path(const std::string& section, const std::string& name) {
  return section.empty() || name.empty() ? section + name : section + "." + name;
}

const BoundKey* KeyTable::find(const std::string& path) const {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos) return nullptr;  // every key stands in a section
  const std::string_view whole = path, section = whole.substr(0, dot), name = whole.substr(dot + 1);
  const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const BoundKey& candidate) {
    return candidate.name == name && candidate.section == section;
  });
  return key == keys_.end() ? nullptr : &*key;
}

bool KeyTable::is_section(const std::string& path) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [&](const BoundKey& key) { return lies_in(key.section, path); });
}

std::vector<std::string> KeyTable::names_in(const std::string& section) const {
  std::vector<std::string> names;
  for (const BoundKey& key : keys_) {
    if (!lies_in(key.section, section)) continue;
    const std::string path = key.path();
    const std::size_t start = section.empty() ? 0 : section.size() + 1;
    add_once(names, path.substr(start, path.find('.', start) - start));
  }
  return names;
}

std::vector<std::string> KeyTable::homes_of(const std::string& name) const {
  std::vector<std::string> homes;
  for (const BoundKey& key : keys_) {
    if (key.name == name) add_once(homes, key.section);
    for (std::size_t end = 0; end != std::string::npos;) {
      const std::size_t start = end == 0 ? 0 : end + 1;
      end = key.section.find('.', start);
      if (key.section.substr(start, end - start) == name)
        add_once(homes, key.section.substr(0, start == 0 ? 0 : start - 1));
    }
  }
  for (std::string& home : homes) home = place_name(home);
  return homes;
}

std::string KeyTable::suggestion(const std::string& section, const std::string& name) const {
  const std::vector<std::string> homes = homes_of(name);
  if (!homes.empty()) return "'" + name + "' belongs in " + join_alternatives(homes);
  if (name.find('.') != std::string::npos) return "write its keys one inside the other";
  const std::string near = nearest_name(name, names_in(section));
  if (!near.empty()) return "did you mean '" + near + "'?";
  std::vector<std::string> all;
  for (const BoundKey& key : keys_) add_once(all, key.name);
  const std::string elsewhere = nearest_name(name, all);
  if (!elsewhere.empty())
    return "did you mean '" + elsewhere + "' in " + join_alternatives(homes_of(elsewhere)) + "?";
  return "expected " + join_alternatives(names_in(section));
}

std::string KeyTable::describe_unknown(const std::string& section, const std::string& name) const {
  const std::string place = section.empty() ? "at the top level" : "in '" + section + "'";
  return "unknown key '" + name + "' " + place + "; " + suggestion(section, name);
}

}  // namespace weft
