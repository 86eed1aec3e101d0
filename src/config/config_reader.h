#pragma once
// YAML to Config, strictly: every problem is found and located before any is reported.

#include <string>
#include <vector>

#include "config/checks.h"
#include "config/config.h"

namespace weft {

/// Reads a YAML file, puts defaults where it says nothing, applies `overrides` in their order
/// ("training.seed=3", "data.train_source=[a.de, b.de]"; they win over the file) and runs the
/// cross-field checks. A saved model's config.yaml is read the same way.
/// Throws UserError with one line per problem, each with file:line:column or "--set ...".
Config read_config(const std::string& path, const std::vector<std::string>& overrides = {});

/// A config with where its values come from, and what is wrong with it; keys that are wrong have
/// their defaults.
struct ConfigReading {
  Config config;
  KeyPlaces places;
  std::vector<LocatedProblem> problems;  ///< in the order of the file, then of the overrides
  /// UserError, a line for each problem.
  void throw_if_wrong() const;
};

/// The same without throwing for more than a file that cannot be read or is no YAML at all.
ConfigReading read_config_anyway(const std::string& path,
                                 const std::vector<std::string>& overrides = {});

/// The same as read_config() for YAML text; messages call it `file_name`.
Config parse_config(const std::string& yaml, const std::string& file_name,
                    const std::vector<std::string>& overrides = {});

}  // namespace weft
