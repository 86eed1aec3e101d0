#pragma once
// Files of word links that a config names.

#include "base/error.h"
#include "base/words.h"
#include "config/config.h"

namespace weft {

/// What links call a word of a source line: what blanks separate if words carry factors, otherwise
/// what split_words() finds, as it does in target lines.
WordSplitting source_splitting(const Config& config);

/// Reads training.guided_alignment.links and training.validation.gold beside their texts, as far as
/// there are such files, and adds what is wrong with each: its bad lines (see BadLines), its number
/// of lines. What is wrong with the texts is told elsewhere.
void check_link_files(const Config& config, Problems& problems);

}  // namespace weft
