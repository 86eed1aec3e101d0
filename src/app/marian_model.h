#pragma once
// Models in the .npz of Marian (Junczys-Dowmunt et al. 2018, arXiv:1804.00344).

#include <string>

#include "app/gru_weights.h"
#include "app/npz.h"

namespace weft {

/// A model of type s2s, nematus or amun. Throws UserError about other types and cells.
GruModel read_marian_model(const std::string& path);

/// The arrays and settings of an s2s model, from tensors of marian_weights().
NpzContents marian_contents(const ModelOptions& options, const GruModel& model);

/// Settings for marian-decoder, which stand in MODEL.npz.decoder.yml.
std::string marian_decoder_settings(const std::string& model, const std::string& source_vocabulary,
                                    const std::string& target_vocabulary);

}  // namespace weft
