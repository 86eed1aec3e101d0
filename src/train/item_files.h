#pragma once
// The items of training and validation data that are not text.

#include <string>
#include <vector>

#include "config/config.h"
#include "data/line_items.h"
#include "data/parallel_files.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// Reads all items of a config's data once, so that none fails in training. Throws UserError with
/// the lines of those that cannot be read.
void check_item_files(const Config& config);

/// Throws UserError if a source is not text.
void require_text(const Config& config);

/// The config with the widths of the vectors that the files have, where it does not say them.
Config with_item_widths(const Config& config);

/// What the lines of these files name: for text, nothing.
std::vector<LineItems> items_of(const ParallelFiles& files, const Vocabularies& vocabularies);

/// Items lie where this config says, whatever that of the model said whose vocabularies these are.
/// What a network makes of pictures is kept in `directory`, unless there is another folder for it.
Vocabularies with_item_folders(Vocabularies vocabularies, const DataOptions& data,
                               const std::string& directory);

}  // namespace weft
