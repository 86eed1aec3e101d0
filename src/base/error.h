#pragma once
// Errors a person can cause. Everything else (c10::Error, std::logic_error) is a failure of ours.

#include <stdexcept>
#include <string>
#include <vector>

namespace weft {

/// A place in a person's file; line and column count from 1, 0 means not known.
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

/// "file", "file:12" or "file:12:3".
std::string to_string(const Location& location);

/// A mistake of the person who runs the program: the message is complete (place, what was found,
/// what was expected), one line per problem. The program prints it and exits with status 2.
class UserError : public std::runtime_error {
 public:
  explicit UserError(const std::string& message);
  UserError(const Location& location, const std::string& message);
};

/// Collects every problem before any work begins, to report them all at once.
class Problems {
 public:
  /// What has been added before is told once.
  void add(const Location& location, const std::string& message);
  void add(const std::string& message);
  bool empty() const { return messages_.empty(); }
  const std::vector<std::string>& messages() const { return messages_; }
  /// Throws one UserError that holds every message, a line each, if there are any.
  void throw_if_any() const;

 private:
  std::vector<std::string> messages_;
};

/// The member of `candidates` nearest to `name` by edit distance, or "" if none is near enough to
/// be what was meant (distance at most a third of the longer name, at least 1).
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace weft
