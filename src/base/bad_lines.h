#pragma once
// Lines of a file that are not what they should be, of which there may be very many.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace weft {

/// A mistake in one line; whoever reads the file can go on behind it.
class BadLine : public UserError {
 public:
  /// `kind` says of several lines what the message says of one: "are not valid UTF-8".
  BadLine(const Location& place, const std::string& message, std::string kind)
      : UserError(place, message), file_(place.file), kind_(std::move(kind)) {}

  const std::string& file() const { return file_; }
  const std::string& kind() const { return kind_; }

 private:
  std::string file_, kind_;
};

/// Keeps the messages of the first bad lines of each kind in each file, and counts the others.
class BadLines {
 public:
  void add(const std::string& file, const std::string& kind, const std::string& message);
  /// Does `work`; false if it has thrown a BadLine, which is added.
  template <class Work>
  bool passes(const Work& work) {
    try {
      work();
      return true;
    } catch (const BadLine& line) {
      add(line.file(), line.kind(), line.what());
      return false;
    }
  }
  bool empty() const { return found_.empty(); }
  /// Adds the messages kept, and what of each kind there is besides: "FILE: 7 more lines are ...".
  void tell(Problems& problems) const;

 private:
  struct Found {
    std::string file, kind;
    std::vector<std::string> messages;
    int64_t count = 0;
  };
  std::vector<Found> found_;
};

}  // namespace weft
