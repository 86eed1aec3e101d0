#pragma once
// Models of other toolkits as models of Weft, and back.

#include <string>
#include <vector>

namespace weft {

enum class Toolkit { kMarian, kNematus };

struct ImportTask {
  Toolkit toolkit = Toolkit::kMarian;
  std::string model;                      ///< .npz
  std::vector<std::string> vocabularies;  ///< of source and target, or one of both
  std::string output;                     ///< a directory that has no model yet
};

/// Marian: types s2s, nematus and amun with GRUs and without layer normalisation. Nematus: models
/// of its Theano version, and of its TensorFlow version where somebody stored the variables as
/// .npz. The model's translations and scores are the same. Throws UserError about what is of
/// another architecture.
void import_model(const ImportTask& task);

struct ExportTask {
  Toolkit toolkit = Toolkit::kMarian;
  std::string model;   ///< directory
  std::string output;  ///< .npz; vocabularies and settings are written beside it
};

/// Writes a GRU model with attention between two cells for the other toolkit, if there are
/// equations for it there. Throws UserError about all that there are none for.
void export_model(const ExportTask& task);

}  // namespace weft
