#pragma once
// What must hold between the keys of a config.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/config.h"

namespace weft {

/// Where a config's values were read.
struct KeyPlaces {
  std::string file;                         ///< place of keys that were not written
  std::map<std::string, Location> written;  ///< by path, "model.encoder.hidden"
  /// Their values are known to be wrong already, or there are no such keys.
  std::set<std::string> unreadable;
};

struct LocatedProblem {
  Location place;
  std::string message;
};

/// One problem for each rule that does not hold, at the place of a key it speaks of. Rules about an
/// unreadable key are not tried.
std::vector<LocatedProblem> check_config(const Config& config, const KeyPlaces& places);

/// For training alone: a config that names no training files describes a model, but trains none.
/// Throws UserError.
void require_training_files(const Config& config, const std::string& config_file);

}  // namespace weft
