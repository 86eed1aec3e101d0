#pragma once
// What a model is made of. Every block receives its own struct and nothing else.
// Defaults are a small, strong model for tens of thousands of sentence pairs.

#include <cstdint>

namespace weft {

/// Recurrent cell. GRU: Cho et al. 2014 (arXiv:1406.1078); LSTM: Hochreiter & Schmidhuber 1997.
enum class CellType { kGru, kLstm };

/// Where in a decoder step the context c_i is computed; it decides what the query has already read.
enum class AttentionPlace {
  kBefore,   ///< query s_{i-1}, before the cell reads y_{i-1} (Bahdanau et al. 2015,
             ///< arXiv:1409.0473)
  kBetween,  ///< query s'_i, between two cells: s'_i has read y_{i-1} (conditional GRU, Nematus,
             ///< arXiv:1703.04357)
};

/// Which embedding matrices are one and the same (Press & Wolf 2017, arXiv:1608.05859).
enum class EmbeddingTying {
  kNone,    ///< source, target and output matrices are separate
  kTarget,  ///< the output projection is the target embedding matrix
  kAll,     ///< source, target and output are one matrix; needs a shared vocabulary
};

struct EmbeddingOptions {
  int64_t source = 256;  ///< units of a source embedding, >= 1
  int64_t target = 256;  ///< units of a target embedding, >= 1
  EmbeddingTying tying =
      EmbeddingTying::kTarget;  ///< fewer parameters, usually better on little data
};

enum class EncoderType {
  kRecurrent,
  kEmbeddings,  ///< no recurrence: attention straight over embeddings with positions
};

/// In which order the cells of an encoder read a source.
enum class EncoderDirection {
  kBidirectional,  ///< each layer from both ends; the next reads both halves (Bahdanau et al.
                   ///< 2015, arXiv:1409.0473)
  kForward,        ///< from left to right alone (Sutskever et al. 2014, arXiv:1409.3215)
  kAlternating,    ///< two stacks that turn round at each layer and meet at the top (Zhou et
                   ///< al. 2016, arXiv:1606.04199; Miceli Barone et al. 2017, arXiv:1707.07631)
  kFirstBidirectional,  ///< the first layer from both ends, those above left to right (GNMT, Wu et
                        ///< al. 2016, arXiv:1609.08144)
};

struct EncoderOptions {
  CellType cell = CellType::kGru;
  int64_t hidden = 512;  ///< units of each direction, >= 1
  int64_t layers = 1;    ///< >= 1
  EncoderType type = EncoderType::kRecurrent;
  EncoderDirection direction = EncoderDirection::kBidirectional;
  bool residual = false;  ///< a layer as wide as the one below adds to it (Wu et al. 2016)
  int64_t pyramid = 1;  ///< positions that each layer above the first joins into one, >= 1 (Chan et
                        ///< al. 2016, arXiv:1508.01211)
};

struct AttentionOptions {
  int64_t width = 512;  ///< units of the additive score's hidden layer (A), >= 1
};

struct DecoderOptions {
  CellType cell = CellType::kGru;
  int64_t hidden = 512;  ///< units of the state, >= 1
  int64_t layers = 1;    ///< stacked cells; the first one attends, >= 1
  AttentionPlace attention_place = AttentionPlace::kBetween;
  int64_t readout = 256;  ///< units of the layer before the softmax, >= 1; tied output needs target
                          ///< embedding's width
};

/// Probabilities in [0, 1). Inputs and states use one mask for all time steps of a sentence
/// (Gal & Ghahramani 2016, arXiv:1512.05287).
struct DropoutOptions {
  double embedding = 0.2;  ///< units of embeddings
  double hidden =
      0.2;  ///< units of annotations, of the states between layers and of the readout's inputs
  double readout = 0.2;      ///< units of the layer before the softmax
  double source_word = 0.0;  ///< whole source words
  double target_word = 0.0;  ///< whole target words fed back
};

struct ModelOptions {
  EmbeddingOptions embedding;
  EncoderOptions encoder;
  AttentionOptions attention;
  DecoderOptions decoder;
  DropoutOptions dropout;
};

}  // namespace weft
