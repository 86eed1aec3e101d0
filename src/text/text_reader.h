#pragma once
// The text a vocabulary is learnt from.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "text/source_factors.h"
#include "text/text_column.h"

namespace weft {

/// A file of text whose words may carry factors.
struct TextFile {
  TextFile(TextColumn lines, FactorFormat carried = {})
      : column(std::move(lines)), factors(std::move(carried)) {}
  TextFile(std::string path, FactorFormat carried = {})
      : TextFile(TextColumn(std::move(path)), std::move(carried)) {}
  TextColumn column;
  FactorFormat factors;
};

/// Lines of several files one after the other, taken apart.
class TextReader {
 public:
  explicit TextReader(std::vector<TextFile> files) : files_(std::move(files)) {}

  /// Throws as ColumnReader does, and BadLine where split_factors() throws.
  bool next(FactoredLine& line);
  /// The text alone.
  bool next(std::string& line);

 private:
  std::vector<TextFile> files_;
  std::size_t next_file_ = 0;
  std::optional<ColumnReader> reader_;
};

/// Adds the lines of each file whose words do not carry their factors, and those that cannot be
/// read.
void check_factors(const std::vector<TextColumn>& files, const FactorFormat& format,
                   Problems& problems);

}  // namespace weft
