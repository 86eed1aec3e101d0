#pragma once
// What is wrong with the files of a parallel text, found out before any work begins.

#include <string>

#include "base/error.h"
#include "data/parallel_files.h"

namespace weft {

/// Throws UserError for a pipe, which has nothing left when it is read again; it is not opened,
/// which would wait for a writer.
void require_rereadable(const std::string& file);

/// Whether a side of the text has a pipe among its files, which check_parallel_files() tells of.
bool has_pipe(const ParallelFiles& files);

/// Reads all files through and adds what is wrong with them: files that cannot be read or are
/// pipes, sides of unequal length, weights that leave nothing to learn, and of each file the lines
/// that are bad, see BadLines: bytes that are not UTF-8, fields that are missing, weights that do
/// not fit.
void check_parallel_files(const ParallelFiles& files, Problems& problems);

}  // namespace weft
