#pragma once
// The config an experienced person would begin with for a given text and machine.

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"
#include "init/corpus_statistics.h"
#include "init/machine.h"

namespace weft {

/// A key of the config, and why it has its value.
struct Choice {
  std::string key;     ///< "model.encoder.hidden"
  std::string reason;  ///< one line; empty: the line above says it
};

struct FittedConfig {
  Config config;                ///< all of it, paths left empty
  std::vector<Choice> choices;  ///< the keys worth writing, in the order of the schema
};

/// Sizes that follow from the text: published experience with little data (Sennrich & Zhang 2019,
/// arXiv:1905.11901: small vocabularies, small batches, much dropout) and the recipes of this
/// project, which lie on these curves. Every size grows with the text without a jump of more than
/// about two. `has_validation`: whether there is validation text.
FittedConfig fit_config(const CorpusStatistics& corpus, const Machine& machine,
                        bool has_validation);

/// Pairs to keep apart for validation when there are none: a twentieth, at least 100 if that is no
/// more than a tenth, at most 2,000.
int64_t validation_pairs(int64_t pairs);

/// "1,234,567"; `number` >= 0.
std::string with_commas(int64_t number);

}  // namespace weft
