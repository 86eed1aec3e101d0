#include "scratch_directory.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace weft {

ScratchDirectory::ScratchDirectory() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) throw UserError("there is no directory for temporary files (TMPDIR names none)");
  path_ = (parent / "weft-XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) {
    throw UserError({path_}, std::string("cannot be made (") + std::strerror(errno) + ")");
  }
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace weft
