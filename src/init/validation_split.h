#pragma once
// Lines of a parallel text kept apart for validation.

#include <cstdint>
#include <string>
#include <vector>

#include "data/parallel_files.h"
#include "init/corpus_statistics.h"

namespace weft {

/// Which lines of the text to keep apart, about `wanted` of them (never more; fewer, or none, if
/// the text does not yield as many). No sentence, of either side, stands on both sides of the
/// split: pairs that share a sentence, directly or through others, stay together. Groups are taken
/// in the order of their hashes, so that the choice depends on the sentences alone, not on their
/// order; one that holds more than a tenth of what is wanted stays in training.
std::vector<bool> choose_validation_lines(const std::vector<SentenceHashes>& lines, int64_t wanted);

/// Where the two parts of a split text are written.
struct SplitPaths {
  std::string train_source, train_target, valid_source, valid_target;
};

/// Copies every line of `files` into one part or the other, in order. The four files appear once
/// they are complete. Throws UserError if they cannot be written.
void write_split(const ParallelFiles& files, const std::vector<bool>& is_validation,
                 const SplitPaths& paths);

}  // namespace weft
