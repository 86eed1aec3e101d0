#pragma once
// What Marian's and Nematus' recurrent models and Weft's have in common.

#include <cstdint>
#include <string>
#include <vector>

#include "config/model_options.h"

namespace weft {

/// GRUs with attention between the decoder's first two (Sennrich et al. 2017, arXiv:1703.04357;
/// deep: Miceli Barone et al. 2017, arXiv:1707.07631), without layer normalisation.
struct GruArchitecture {
  int64_t encoder_layers = 1;
  int64_t encoder_transitions = 1;
  EncoderDirection direction = EncoderDirection::kBidirectional;
  bool encoder_residual = false;
  int64_t decoder_layers = 1;
  int64_t decoder_transitions = 1;  ///< of the cell that reads the context
  int64_t upper_transitions = 1;    ///< of the cells of the layers above
  bool decoder_residual = false;
  bool context_to_upper = false;
  EmbeddingTying tying = EmbeddingTying::kNone;

  // What Weft's model is made of in another way, with the same result.
  /// Bidirectional layers read their own direction alone: the other half of Weft's matrices is 0.
  bool separate_stacks = false;
  /// Annotations are [backward, forward].
  bool backward_first = false;
  /// Where bx stands in the upper layers' cells: within the reset gate, or without.
  bool upper_bias_inside = false;
};

/// One GRU of a model: the places of its tensors U, Ux, W, Wx, b, bx.
struct GruPlace {
  enum class Part { kEncoder, kFirst, kContext, kUpper };
  Part part = Part::kEncoder;
  bool backward = false;   ///< the second stack of the encoder
  int64_t layer = 0;       ///< of the encoder or decoder
  int64_t transition = 0;  ///< from 0; those above have no input
  bool has_input() const { return transition == 0; }
};

/// All of a model.
std::vector<GruPlace> gru_places(const GruArchitecture& architecture);

/// Weft's name of a GRU: "encoder.forward_0".
std::string weft_gru_name(const GruArchitecture& architecture, const GruPlace& place);
/// Marian's (src/models/s2s.h): "encoder_bi".
std::string marian_gru_name(const GruArchitecture& architecture, const GruPlace& place);

}  // namespace weft
