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

}  // namespace weft
