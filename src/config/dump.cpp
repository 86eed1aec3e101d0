#include "config/dump.h"

#include "config/key_table.h"

namespace weft {
namespace {

void append_section(const KeyTable& table, const std::string& section, const std::string& indent,
                    DumpStyle style, std::string& yaml) {
  for (const std::string& name : table.names_in(section)) {
    const std::string path = join_path(section, name);
    const BoundKey* key = table.find(path);
    if (key == nullptr) {
      if (section.empty() && !yaml.empty()) yaml += "\n";
      yaml += indent + name + ":\n";
      append_section(table, path, indent + "  ", style, yaml);
      continue;
    }
    if (style == DumpStyle::kWithHelp)
      yaml += indent + "# " + key->help + " (" + key->expected + ")\n";
    yaml += indent + name + ": " + key->write() + "\n";
  }
}

}  // namespace

std::string dump_config(const Config& config, DumpStyle style) {
  Config copy = config;
  const KeyTable table(copy);
  std::string yaml;
  append_section(table, "", "", style, yaml);
  return yaml;
}

}  // namespace weft
