#pragma once
// How translations are searched for, on the command line.

#include <CLI/CLI.hpp>
#include <array>
#include <cstdint>

#include "app/decoding_overrides.h"
#include "base/enum_names.h"
#include "search/sampling_options.h"

namespace weft {

constexpr auto enum_names(SamplingMethod) {
  return std::array{EnumName{SamplingMethod::kNone, "none"},
                    EnumName{SamplingMethod::kAncestral, "ancestral"},
                    EnumName{SamplingMethod::kGumbel, "gumbel"}};
}

void add_search_options(CLI::App& command, DecodingOverrides& decoding);
/// Length and coverage.
void add_length_options(CLI::App& command, DecodingOverrides& decoding);
void add_sampling_options(CLI::App& command, SamplingOptions& sampling);
void add_diversity_options(CLI::App& command, int64_t& groups, double& diversity);

}  // namespace weft
