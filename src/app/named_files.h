#pragma once
// Files with names, of runs or models that stand beside each other.

#include <cstddef>
#include <string>
#include <vector>

namespace weft {

struct NamedFile {
  std::string name, path;
};

/// Each text is "[NAME=]FILE". Without a name it is the file's without its ending, or that of the
/// directory if the file is called `usual`, which a directory stands for; files that would share
/// one have their paths for names. Throws UserError if there are more than `most`, or if two names
/// are one.
std::vector<NamedFile> named_files(const std::vector<std::string>& texts, const std::string& usual,
                                   std::size_t most);

std::vector<std::string> paths_of(const std::vector<NamedFile>& files);

}  // namespace weft
