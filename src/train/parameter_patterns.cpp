#include "train/parameter_patterns.h"

#include <fnmatch.h>
#include <torch/types.h>

#include <algorithm>

#include "base/log.h"
#include "base/messages.h"
#include "config/rate_factor.h"

namespace weft {
namespace {

bool any_matches(const NamedTensors& parameters, const std::string& pattern) {
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const auto& named) { return matches(named.first, pattern); });
}

/// First parts of the names, each once: "decoder", "output_bias".
std::vector<std::string> groups_of(const NamedTensors& parameters) {
  std::vector<std::string> groups;
  for (const auto& [name, tensor] : parameters) {
    auto group = name.substr(0, name.find('.'));
    if (group.size() < name.size()) group += ".*";
    if (groups.empty() || groups.back() != group) groups.push_back(std::move(group));
  }
  return groups;
}

bool is_frozen(const std::string& name, const TrainingOptions& options) {
  return std::any_of(options.freeze.begin(), options.freeze.end(),
                     [&](const auto& pattern) { return matches(name, pattern); });
}

}  // namespace

bool matches(const std::string& name, const std::string& pattern) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

void check_parameter_patterns(const TrainingOptions& options, const NamedTensors& parameters,
                              Problems& problems) {
  const auto check = [&](const char* key, const std::string& pattern) {
    if (any_matches(parameters, pattern)) return;
    problems.add(std::string(key) + " has '" + pattern +
                 "', which matches no parameter of the model; its parameters are " +
                 join_alternatives(groups_of(parameters)));
  };
  for (const auto& pattern : options.freeze) check("training.freeze", pattern);
  for (const auto& text : options.rate_factors)
    if (const auto factor = parse_rate_factor(text))
      check("training.rate_factors", factor->pattern);
  if (!options.freeze.empty() &&
      std::all_of(parameters.begin(), parameters.end(),
                  [&](const auto& named) { return is_frozen(named.first, options); }))
    problems.add("training.freeze matches all parameters; expected some that learn");
}

void freeze(const TrainingOptions& options, const NamedTensors& parameters) {
  int64_t frozen = 0, numbers = 0;
  for (auto [name, parameter] : parameters) {
    if (!is_frozen(name, options)) continue;
    parameter.set_requires_grad(false);
    ++frozen;
    numbers += parameter.numel();
  }
  if (frozen == 0) return;
  log_info("training.freeze: " + std::to_string(frozen) + " of " +
           std::to_string(parameters.size()) + " parameters (" + std::to_string(numbers) +
           " numbers) stay as they are");
}

double rate_factor_of(const std::string& name, const std::vector<std::string>& rate_factors) {
  for (const auto& text : rate_factors) {
    const auto factor = parse_rate_factor(text);
    if (factor && matches(name, factor->pattern)) return factor->factor;
  }
  return 1;
}

}  // namespace weft
