#pragma once
// A part of a parallel text.

#include <cstdint>
#include <string>

#include "data/parallel_files.h"

namespace weft {

struct TextSample {
  ParallelFiles files;  ///< one for each side
  int64_t lines = 0;
  bool is_all = true;  ///< of the text
};

/// The first `most` lines of every side, in files in `directory` whose names begin with `name`.
TextSample first_lines(const ParallelFiles& files, int64_t most, const std::string& directory,
                       const std::string& name);

/// The `most` lines whose first source is the longest, in bytes.
TextSample longest_lines(const ParallelFiles& files, int64_t most, const std::string& directory,
                         const std::string& name);

}  // namespace weft
