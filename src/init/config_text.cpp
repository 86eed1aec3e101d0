#include "init/config_text.h"

#include <sstream>
#include <stdexcept>
#include <vector>

#include "config/key_table.h"

namespace weft {
namespace {

constexpr std::size_t kWidest = 110;  // columns of a line with its reason behind it

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream stream(path);
  for (std::string part; std::getline(stream, part, '.');) parts.push_back(part);
  return parts;
}

/// Writes keys one below the other, with the sections they stand in.
class SectionWriter {
 public:
  void add(const std::string& path, const std::string& value, const std::string& reason) {
    const auto parts = parts_of(path);
    enter({parts.begin(), parts.end() - 1});
    const std::string indent(2 * open_.size(), ' ');
    const std::string line = indent + parts.back() + ": " + value;
    if (reason.empty()) {
      yaml_ += line + "\n";
    } else if (line.size() + reason.size() + 4 <= kWidest) {
      yaml_ += line + "  # " + reason + "\n";
    } else {
      yaml_ += indent + "# " + reason + "\n" + line + "\n";
    }
  }

  const std::string& yaml() const { return yaml_; }

 private:
  void enter(const std::vector<std::string>& sections) {
    std::size_t same = 0;
    while (same < open_.size() && same < sections.size() && open_[same] == sections[same]) ++same;
    for (std::size_t depth = same; depth < sections.size(); ++depth) {
      if (depth == 0) yaml_ += "\n";
      yaml_ += std::string(2 * depth, ' ') + sections[depth] + ":\n";
    }
    open_ = sections;
  }

  std::vector<std::string> open_;
  std::string yaml_;
};

}  // namespace

std::string config_text(const FittedConfig& fitted, const std::string& heading) {
  Config config = fitted.config;
  const KeyTable table(config);
  SectionWriter writer;
  for (const auto& [key, reason] : fitted.choices) {
    const BoundKey* bound = table.find(key);
    if (bound == nullptr) throw std::logic_error("config_text: no key " + key);
    writer.add(key, bound->write(), reason);
  }
  std::string comment;
  std::istringstream lines(heading);
  for (std::string line; std::getline(lines, line);)
    comment += line.empty() ? "#\n" : "# " + line + "\n";
  return comment + writer.yaml();
}

}  // namespace weft
