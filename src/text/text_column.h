#pragma once
// One side of a text: a file of its own, or one of the two fields of each line.

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "base/line_reader.h"
#include "config/data_options.h"

namespace weft {

/// The lines of a file (kLines), or the source or target field of each.
struct TextColumn {
  TextColumn(std::string name) : path(std::move(name)) {}
  TextColumn(const char* name) : path(name) {}
  TextColumn(std::string name, TextFormat form, std::size_t number, std::string json_key)
      : path(std::move(name)), format(form), field(number), key(std::move(json_key)) {}

  std::string path;
  TextFormat format = TextFormat::kLines;
  std::size_t field = 0;  ///< 0: source, 1: target; not of kLines
  std::string key;  ///< of kJson: the member's name, or a JSON pointer ("/translation/en"); of
                    ///< the source of kNBest: the list, whose every entry has its line
};

class ColumnReader {
 public:
  /// Throws UserError as LineReader does.
  explicit ColumnReader(TextColumn column);

  /// Puts the next line's field into `text`; false at the end. Throws as LineReader does, and
  /// BadLine if a line has not two fields, or not one of this name that is a text on one line, or
  /// if the ids of a list fall or are not those of lines.
  bool next(std::string& text);

  int line_number() const { return lines_.line_number(); }
  const std::string& name() const { return lines_.name(); }
  Location location() const { return lines_.location(); }

 private:
  bool next_of_list(std::string& text);

  TextColumn column_;
  LineReader lines_;
  std::optional<LineReader> list_;  // that says which lines come, and how often
  std::string line_;                // the one last read for it
};

}  // namespace weft
