#pragma once
// The text a vocabulary is learnt from.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/line_reader.h"
#include "text/source_factors.h"

namespace weft {

/// A file of text whose words may carry factors.
struct TextFile {
  TextFile(std::string name, FactorFormat carried = {})
      : path(std::move(name)), factors(std::move(carried)) {}
  std::string path;
  FactorFormat factors;
};

/// Lines of several files one after the other, taken apart.
class TextReader {
 public:
  explicit TextReader(std::vector<TextFile> files) : files_(std::move(files)) {}

  /// Throws UserError as LineReader and, with the place, split_factors() do.
  bool next(FactoredLine& line);
  /// The text alone.
  bool next(std::string& line);

 private:
  std::vector<TextFile> files_;
  std::size_t next_file_ = 0;
  std::optional<LineReader> reader_;
};

/// Adds the first line of each file whose words do not carry their factors.
void check_factors(const std::vector<std::string>& files, const FactorFormat& format,
                   Problems& problems);

}  // namespace weft
