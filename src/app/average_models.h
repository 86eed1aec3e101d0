#pragma once
// One model whose weights are the mean of several.

#include <string>
#include <vector>

namespace weft {

struct AverageTask {
  /// Model directories, and files of weights or checkpoints of the same training, of which the
  /// first, a directory or in one, gives the config, the vocabularies and the word aligner. One
  /// alone is a model of its weights, such as the last ones of a training.
  std::vector<std::string> models;
  std::string output;  ///< a directory that has no model yet
};

/// The mean of every parameter (in float64), as in Junczys-Dowmunt et al. 2016 (W16-2316). Throws
/// UserError if the models do not have the same parameters, or the output has a model.
void average_models(const AverageTask& task);

}  // namespace weft
