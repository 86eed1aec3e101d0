#pragma once
// Models in the .npz of Nematus (Sennrich et al. 2017, arXiv:1703.04357).

#include <string>
#include <vector>

#include "app/gru_weights.h"
#include "app/npz.h"

namespace weft {

/// What an array is called in the version on Theano, in that on TensorFlow, and by Marian.
struct NematusName {
  std::string theano;
  std::string tensorflow;
  std::string marian;
};

/// All arrays of a model, in the forms that Nematus has: encoder stacks that alternate.
std::vector<NematusName> nematus_names(const GruArchitecture& architecture);

/// A model, whose MODEL.npz.json is read if it is there. Throws UserError about what it has that
/// Weft has not.
GruModel read_nematus_model(const std::string& path);

/// The arrays of a model by the names of the version on Theano, which both versions and Marian
/// read, from tensors of marian_weights().
NpzContents nematus_contents(const GruModel& model);

/// Settings that stand in MODEL.npz.json.
std::string nematus_settings(const ModelOptions& options, const GruModel& model,
                             const std::string& source_vocabulary,
                             const std::string& target_vocabulary);

}  // namespace weft
