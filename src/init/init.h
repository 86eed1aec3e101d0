#pragma once
// From two files of sentences to a config that trains on them.

#include <string>
#include <vector>

#include "init/machine.h"

namespace weft {

struct InitOptions {
  std::vector<std::string> sources, targets;  ///< line i of the one beside line i of the other
  std::vector<std::string> valid_sources, valid_targets;  ///< none: lines are split off
  std::string output = "config.yaml";
};

/// Measures the text, splits validation lines off if none are given, and writes the config:
/// `output` and, of a split, NAME.train.source, NAME.train.target, NAME.valid.source and
/// NAME.valid.target beside it (NAME: output without ".yaml"). Says on the log what it found and
/// did. Overwrites nothing. Throws UserError for a person's mistakes, all that can be seen at once.
void init_config(const InitOptions& options, const Machine& machine);

}  // namespace weft
