#pragma once
// Messages that many places have for the same mistake.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weft {

/// Throws UserError: "PATH: WHAT (REASON)", the reason being what errno stands for.
[[noreturn]] void throw_file_error(const std::string& path, const std::string& what,
                                   const std::string& advice = "");

/// "a", "a or b", "a, b or c".
std::string join_alternatives(const std::vector<std::string>& names);

/// What to say of a name that is none of `known`: "unknown command 'trian'; expected align or
/// train; did you mean 'train'?". `kind` is what it should have named.
std::string unknown_name(const std::string& kind, const std::string& name,
                         const std::vector<std::string>& known);

/// How many lines a text has.
struct LineCount {
  std::string name;
  std::optional<int64_t> lines;  ///< nothing: not counted to the end
};

/// What to say of texts that should have equally many lines; those of `first` have been counted.
std::string unequal_lines(const LineCount& first, const LineCount& second);

}  // namespace weft
