#pragma once
// A learnt aligner on the disk.

#include <string>
#include <vector>

#include "aligner/aligner_model.h"

namespace weft {

/// Writes a model into a directory, a file of text for each part: aligner.json (options),
/// source.tsv and target.tsv (words), lexicon.tsv (pairs of words with count, p(target|source) and
/// p(source|target)) and jumps.tsv. Throws UserError if the directory holds anything but an older
/// model of the kind, or cannot be written.
void save_aligner_model(const std::string& directory, const AlignerModel& model);

/// Throws UserError with the place of what is missing or is not as save_aligner_model() writes it.
AlignerModel load_aligner_model(const std::string& directory);

/// The files that a model is kept in.
std::vector<std::string> aligner_model_files(const std::string& directory);

/// Throws UserError if save_aligner_model() would refuse the directory.
void require_aligner_directory(const std::string& directory);

}  // namespace weft
