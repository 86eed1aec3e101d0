#pragma once
// Whether a run would go well, found out in seconds.

#include <string>
#include <vector>

#include "base/error.h"
#include "config/checks.h"
#include "config/config.h"

namespace weft {

/// Adds what is wrong with the files of a config that is wrong itself, as far as its keys say what
/// is expected of them: of all, if nothing is wrong with the keys of texts, vocabularies and items;
/// of texts and links, if nothing is with those of texts; else, which texts cannot be read and what
/// is not UTF-8.
void check_texts(const Config& config, const KeyPlaces& places, Problems& problems);

/// Adds everything that can be known before work begins of the files, and of a run in `directory`
/// that the config would go on with ("": none). The config is in order.
void check_run(const Config& config, const std::string& directory, Problems& problems);

/// What a dry run has found, a line each.
using DryRun = std::vector<std::string>;

/// Makes the model, trains it on the batch of the longest pairs and validates it on the longest
/// lines, of a sample of the text: what takes the most memory. Vocabularies that have yet to be
/// made are made of a sample. Everything goes into `scratch`. Throws UserError if something does
/// not fit.
DryRun dry_run(const Config& config, const std::string& scratch);

}  // namespace weft
