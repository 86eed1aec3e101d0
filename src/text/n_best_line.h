#pragma once
// A line of an n-best list in Moses' form.

#include <cstddef>
#include <optional>
#include <string>

namespace weft {

/// ID ||| TEXT ||| [more fields |||] FEATURES ||| SCORE
struct NBestLine {
  std::size_t id = 0;      ///< line of the source, from 0
  std::string text;        ///< with what was escaped as it was
  std::string text_field;  ///< as it stands in the line
  std::string more;        ///< fields between text and features, each with " ||| " before it
  std::string features;
  std::optional<double> score;  ///< none if the last field is of features, or no number
};

/// Throws UserError, without a place, if it has another form.
NBestLine parse_n_best_line(const std::string& line);

}  // namespace weft
