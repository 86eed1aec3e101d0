#pragma once
// A part of a parallel text.

#include <cstdint>
#include <string>
#include <vector>

#include "data/parallel_files.h"

namespace weft {

struct TextSample {
  ParallelFiles files;  ///< one for each side
  int64_t lines = 0;
  int64_t of_lines = 0;            ///< of the text
  int64_t one_sided_blank = 0;     ///< pairs of the text left out because one side is blank
  Location first_one_sided_blank;  ///< line 0: there is none
  bool is_all() const { return lines == of_lines; }
};

/// At most `most` lines of every side, in files in `directory` whose names begin with `name`: the
/// first, and of those behind them some of each length in bytes, that of the longer side. `kinds`
/// are those of the sources.
TextSample spread_lines(const ParallelFiles& files, const std::vector<SourceKind>& kinds,
                        int64_t most, const std::string& directory, const std::string& name);

/// The `most` lines whose first source is the longest, in bytes.
TextSample longest_lines(const ParallelFiles& files, int64_t most, const std::string& directory,
                         const std::string& name);

}  // namespace weft
