#pragma once
// Which items the lines of a source name.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"

namespace weft {

/// The distinct items of a source, numbered as they come: the picture of five captions is one. A
/// line is a path, relative to a folder.
class ItemNames {
 public:
  /// Relative paths start at `root`; empty: at the working directory.
  explicit ItemNames(std::string root = "");

  /// The number of the item that `line` names. Blanks around it do not count. Throws UserError if
  /// there is nothing else.
  int64_t add(std::string_view line, const Location& location);

  int64_t size() const { return static_cast<int64_t>(entries_.size()); }
  /// As its line has it.
  const std::string& name(int64_t item) const { return entry(item).name; }
  /// Where the first line that names it stands.
  const Location& location(int64_t item) const { return entry(item).location; }
  /// The name with the root before it.
  std::string path(int64_t item) const;

  /// Throws UserError: "captions.txt:12: 'dog.jpg' WHAT".
  [[noreturn]] void fail(int64_t item, const std::string& what) const;
  /// fail() unless a regular file is at `path` that may be read.
  void check_file(int64_t item, const std::string& path) const;

 private:
  struct Entry {
    std::string name;
    Location location;
  };
  const Entry& entry(int64_t item) const { return entries_.at(static_cast<std::size_t>(item)); }

  std::string root_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, int64_t> numbers_;
};

}  // namespace weft
