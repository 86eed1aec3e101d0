#pragma once
// Whether a config goes on with a run.

#include <string>

#include "config/config.h"

namespace weft {

/// Files that may be called otherwise than when the run began, because what is in them is compared.
enum class OtherFiles {
  kNone,
  kVocabularies,            ///< here, with those that lie in the directory
  kVocabulariesAndVectors,  ///< vectors by the caller
};

/// Throws UserError, a line for each key that has another value in `before`, the config of what
/// `directory` holds, unless it says how long, how often, how fast, or where the text lies, which
/// is known again by what is in it.
void check_same_run(const std::string& directory, const Config& before, const Config& config,
                    OtherFiles others);

}  // namespace weft
