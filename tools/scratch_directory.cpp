#include "scratch_directory.h"

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/messages.h"

namespace weft {

ScratchDirectory::ScratchDirectory() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) throw UserError("there is no directory for temporary files (TMPDIR names none)");
  path_ = (parent / "weft-XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) {
    throw_file_error(path_, "cannot be made");
  }
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace weft
