#include "media/item_names.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace weft {

ItemNames::ItemNames(std::string root) : root_(std::move(root)) {}

int64_t ItemNames::add(std::string_view line, const Location& location) {
  constexpr std::string_view kBlanks = " \t\r";
  const auto begin = line.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos)
    throw UserError(location, "is empty; expected the name of a file");
  const std::string name(line.substr(begin, line.find_last_not_of(kBlanks) + 1 - begin));
  const auto [found, added] = numbers_.try_emplace(name, size());
  if (added) entries_.push_back({name, location});
  return found->second;
}

std::string ItemNames::path(int64_t item) const {
  return (std::filesystem::path(root_) / name(item)).string();
}

void ItemNames::fail(int64_t item, const std::string& what) const {
  throw UserError(location(item), "'" + name(item) + "' " + what);
}

void ItemNames::check_file(int64_t item, const std::string& path) const {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0)
    fail(item, "cannot be opened as " + path + " (" + std::strerror(errno) + ")");
  if (S_ISDIR(status.st_mode)) fail(item, "is a directory; expected a file");
  if (!S_ISREG(status.st_mode)) fail(item, "is no regular file");
}

}  // namespace weft
