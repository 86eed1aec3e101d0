#pragma once
// What is wrong with the files of a parallel text, found out before any work begins.

#include "base/error.h"
#include "data/parallel_files.h"

namespace weft {

/// Reads all files through and adds what is wrong with them: files that cannot be read or are
/// pipes, sides of unequal length, weights that leave nothing to learn, and of each file the lines
/// that are bad, see BadLines: bytes that are not UTF-8, fields that are missing, weights that do
/// not fit.
void check_parallel_files(const ParallelFiles& files, Problems& problems);

}  // namespace weft
