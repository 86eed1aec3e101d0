#pragma once
// The whole of a run: what the YAML file says, defaults included.

#include <string>

#include "config/data_options.h"
#include "config/model_options.h"
#include "config/training_options.h"

namespace weft {

struct Config {
  DataOptions data;
  VocabularyOptions vocabulary;
  ModelOptions model;
  TrainingOptions training;
  DecodingOptions decoding;
};

/// Whether guided alignment teaches anything: attention, or the alignment head.
inline bool learns_alignments(const Config& config) {
  return config.training.guided_alignment.weight > 0 || config.model.alignment_head.width > 0;
}

/// Whether links teach it, and not gold regions.
inline bool learns_links(const Config& config) {
  return learns_alignments(config) && config.training.guided_alignment.regions.empty();
}

}  // namespace weft
