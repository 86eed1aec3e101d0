#include "base/messages.h"

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace weft {

void throw_file_error(const std::string& path, const std::string& what, const std::string& advice) {
  const std::string reason = std::strerror(errno);
  throw UserError({path}, what + " (" + reason + ")" + advice);
}

std::string join_alternatives(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

std::string unknown_name(const std::string& kind, const std::string& name,
                         const std::vector<std::string>& known) {
  const std::string nearest = nearest_name(name, known);
  return "unknown " + kind + " '" + name + "'; expected " + join_alternatives(known) +
         (nearest.empty() ? "" : "; did you mean '" + nearest + "'?");
}

std::string unequal_lines(const LineCount& first, const LineCount& second) {
  const auto lines = [](int64_t count) {
    return std::to_string(count) + (count == 1 ? " line" : " lines");
  };
  return first.name + " has " + lines(*first.lines) + ", but " + second.name + " has " +
         (second.lines ? lines(*second.lines) : std::string("more")) +
         "; expected as many lines in both";
}

}  // namespace weft
