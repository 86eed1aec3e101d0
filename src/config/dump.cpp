#include "config/dump.h"

#include <functional>

#include "config/key_table.h"

namespace weft {
namespace {

/// What stands with a key: nothing, or comments.
struct Comments {
  std::function<std::string(const BoundKey&)> above, behind;
};

void append_section(const KeyTable& table, const std::string& section, const std::string& indent,
                    const Comments& comments, std::string& yaml) {
  for (const std::string& name : table.names_in(section)) {
    const std::string path = join_path(section, name);
    const BoundKey* key = table.find(path);
    if (key == nullptr) {
      if (section.empty() && !yaml.empty()) yaml += "\n";
      yaml += indent + name + ":\n";
      append_section(table, path, indent + "  ", comments, yaml);
      continue;
    }
    if (comments.above) yaml += indent + "# " + comments.above(*key) + "\n";
    yaml += indent + name + ": " + key->write();
    yaml += comments.behind ? "  # " + comments.behind(*key) + "\n" : "\n";
  }
}

std::string dump(const Config& config, const Comments& comments) {
  Config copy = config;
  const KeyTable table(copy);
  std::string yaml;
  append_section(table, "", "", comments, yaml);
  return yaml;
}

}  // namespace

std::string dump_config(const Config& config, DumpStyle style) {
  if (style == DumpStyle::kValues) return dump(config, {});
  return dump(config,
              {[](const BoundKey& key) { return key.help + " (" + key.expected + ")"; }, {}});
}

std::string explain_config(const Config& config, const KeyPlaces& places) {
  return dump(config, {{}, [&](const BoundKey& key) {
                         const auto place = places.written.find(key.path());
                         if (place == places.written.end()) return std::string("default");
                         const auto& [file, line, column] = place->second;
                         return to_string(Location{file, line, 0});
                       }});
}

}  // namespace weft
