#pragma once
// A place for files that nobody wants to keep.

#include <string>

namespace weft {

/// A new directory among the system's temporary ones; it goes, with all that is in it, with this
/// object.
class ScratchDirectory {
 public:
  /// Throws UserError if none can be made.
  ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace weft
