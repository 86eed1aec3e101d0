#pragma once
// What a model is made of. Every block receives its own struct and nothing else.
// Defaults are a small, strong model for tens of thousands of sentence pairs. Ranges stand in
// schema.h.

#include <cstdint>
#include <string>
#include <vector>

namespace weft {

/// Recurrent cell; the equations stand above the classes in src/nn.
enum class CellType {
  kGru,             ///< gated recurrent unit, reset gate after the matrix product, as in cuDNN
  kLstm,            ///< long short-term memory (Hochreiter & Schmidhuber 1997)
  kRnn,             ///< tanh RNN (Elman 1990)
  kGruResetBefore,  ///< GRU as published: reset gate before the product (Cho et al. 2014)
  kLnGru,           ///< GRU with layer normalisation (Ba et al. 2016)
  kLnLstm,          ///< LSTM with layer normalisation (Ba et al. 2016)
  kMlstm,           ///< multiplicative LSTM (Krause et al. 2016)
  kSru,             ///< simple recurrent unit (Lei et al. 2018)
  kSsru,            ///< simpler simple recurrent unit (Kim et al. 2019)
};

/// What shares a dropout mask.
enum class DropoutKind {
  kVariational,  ///< all time steps of a sentence (Gal & Ghahramani 2016, arXiv:1512.05287)
  kPlain,        ///< nothing: every number is drawn by itself (Srivastava et al. 2014)
};

/// Where in a decoder step the context c_i is computed; it decides what the query has already read.
enum class AttentionPlace {
  kBefore,   ///< query s_{i-1}, before the cell reads y_{i-1} (Bahdanau et al. 2015,
             ///< arXiv:1409.0473)
  kBetween,  ///< query s'_i, between two cells: s'_i has read y_{i-1} (conditional GRU, Nematus,
             ///< arXiv:1703.04357)
  kAfter,  ///< query s_i of the top layer, which has read y_{i-1}; the context goes to the readout
           ///< alone (Luong et al. 2015, arXiv:1508.04025)
};

/// What the decoder's first state is made from.
enum class InitialState {
  kMean,    ///< the mean annotation (Sennrich et al. 2017, arXiv:1703.04357)
  kLast,    ///< what the encoder's readers end with (Cho et al. 2014, arXiv:1406.1078)
  kCopied,  ///< each layer starts from what the encoder's layer of its number ends with, memory
            ///< and all (Sutskever et al. 2014, arXiv:1409.3215; Luong et al. 2015)
  kZero,    ///< nothing
};

/// The layer before the softmax (Pascanu et al. 2014, arXiv:1312.6026).
enum class ReadoutType {
  kTanh,
  kMaxout,  ///< the larger of two units (Goodfellow et al. 2013, arXiv:1302.4389), as in Bahdanau
            ///< et al. 2015
};

/// Which embedding matrices are one and the same (Press & Wolf 2017, arXiv:1608.05859).
enum class EmbeddingTying {
  kNone,    ///< source, target and output matrices are separate
  kTarget,  ///< the output projection is the target embedding matrix
  kAll,     ///< source, target and output are one matrix; needs a shared vocabulary
};

/// How the embeddings of a source word and of its factors become one (Sennrich & Haddow 2016,
/// arXiv:1606.02892).
enum class FactorCombination {
  kConcat,  ///< one behind the other, as published
  kSum,     ///< added; all are as wide as the word's
};

struct EmbeddingOptions {
  int64_t source = 256;  ///< units of a source embedding
  int64_t target = 256;  ///< units of a target embedding
  EmbeddingTying tying =
      EmbeddingTying::kTarget;        ///< fewer parameters, usually better on little data
  std::string source_vectors = {};    ///< text file of word vectors to begin from; empty: random
  std::string target_vectors = {};    ///< for the target; with tying all, for the one matrix
  bool frozen_source = false;         ///< embeddings stay as they begin
  bool frozen_target = false;         ///< target embeddings, and what is tied to them
  std::vector<int64_t> factors = {};  ///< units of each source factor's embedding; none: no factors
  FactorCombination factor_combine = FactorCombination::kConcat;
};

/// What reads the embeddings of a text, or what stands for them where a source is not text.
enum class EncoderType {
  kRecurrent,
  kEmbeddings,   ///< no recurrence: attention straight over embeddings with positions
  kAnnotations,  ///< what is not text stays as it is, in no order (Xu et al. 2015,
                 ///< arXiv:1502.03044); text is read recurrently
  kRows,         ///< each row of a grid is read recurrently (Deng et al. 2017, arXiv:1609.04938);
                 ///< text is, too
};

/// What a vector of an item goes through.
enum class InputMap {
  kNone,
  kLinear,  ///< W x + b
  kRelu,    ///< max(0, W x + b)
};

/// What tells where a vector stands.
enum class InputPositions {
  kNone,
  kSinusoid,  ///< in the sequence
  kGrid,      ///< in its row, and in its column
};

/// What makes vectors of a picture's pixels, trained with the rest.
enum class ImageConvolution {
  kNone,
  kSmall,     ///< three layers, each of half the height and width of the one below
  kIm2latex,  ///< six layers that read further around (Deng et al. 2017, arXiv:1609.04938)
};

/// What stands for embeddings where a source is not text (model/annotation_input.h).
struct InputOptions {
  std::vector<int64_t> width = {};  ///< numbers of a vector of each source, 0 for text; empty: the
                                    ///< files' own, which training finds out
  InputMap map = InputMap::kLinear;
  bool layer_norm = false;
  InputPositions positions = InputPositions::kNone;
  bool global = false;      ///< the mean vector is one more
  int64_t frame_stack = 1;  ///< vectors put one behind the other into one, >= 1
  ImageConvolution convolution = ImageConvolution::kNone;
  std::string pretrained = {};  ///< TorchScript file, pictures uint8 [B, C, H, W] to [B, D, h, w];
                                ///< it stays as it is
};

/// In which order the cells of an encoder read a source.
enum class EncoderDirection {
  kBidirectional,  ///< each layer from both ends; the next reads both halves (Bahdanau et al.
                   ///< 2015, arXiv:1409.0473)
  kForward,        ///< from left to right alone
  kBackward,       ///< from right to left alone (Sutskever et al. 2014, arXiv:1409.3215)
  kAlternating,    ///< two stacks that reverse at each layer and meet at the top (Zhou et
                   ///< al. 2016, arXiv:1606.04199; Miceli Barone et al. 2017, arXiv:1707.07631)
  kFirstBidirectional,  ///< the first layer from both ends, those above left to right (GNMT, Wu et
                        ///< al. 2016, arXiv:1609.08144)
};

struct EncoderOptions {
  CellType cell = CellType::kGru;
  int64_t hidden = 512;  ///< units of each direction
  int64_t layers = 1;    ///< stacked layers
  EncoderType type = EncoderType::kRecurrent;
  EncoderDirection direction = EncoderDirection::kBidirectional;
  bool residual = false;  ///< a layer as wide as the one below adds to it (Wu et al. 2016)
  int64_t pyramid = 1;    ///< positions that each layer above the first joins into one (Chan et
                          ///< al. 2016, arXiv:1508.01211)
  int64_t transition_depth = 1;  ///< transitions of a cell in one step (Miceli Barone et al. 2017,
                                 ///< arXiv:1707.07631); those after the first have no input
};

/// How well an annotation h_j answers a query q (src/nn/*_score.h).
enum class ScoreType {
  kAdditive,     ///< v^T tanh(W q + U h_j + b) (Bahdanau et al. 2015, arXiv:1409.0473)
  kDot,          ///< q^T h_j (Luong et al. 2015, arXiv:1508.04025)
  kScaledDot,    ///< (W q)^T (U h_j) / sqrt(A) (Vaswani et al. 2017, arXiv:1706.03762)
  kGeneral,      ///< q^T W h_j (Luong et al. 2015)
  kLocation,     ///< (W q)_j (Luong et al. 2015)
  kFeedForward,  ///< tanh(w^T h_j + b) (Raffel & Ellis 2015, arXiv:1512.08756)
  kNone,         ///< no attention: one fixed vector of the source (Cho et al. 2014,
                 ///< arXiv:1406.1078)
};

/// What turns energies into weights.
enum class WeightNormalization {
  kSoftmax,
  kSparsemax,  ///< Martins & Astudillo 2016 (arXiv:1602.02068)
  kEntmax15,   ///< Peters et al. 2019 (arXiv:1905.05702)
};

/// Which annotations a query may look at (Luong et al. 2015, section 3.2).
enum class AttentionWindowType {
  kGlobal,      ///< all
  kMonotonic,   ///< local-m: about the number of the step
  kPredictive,  ///< local-p: about a place that the query predicts
};

/// What the context is made of.
enum class AttentionKind {
  kSoft,  ///< the mean of the annotations (Bahdanau et al. 2015, arXiv:1409.0473)
  kHard,  ///< one annotation, drawn by its weight in training (Xu et al. 2015, arXiv:1502.03044)
};

/// How hard attention is trained (Xu et al. 2015, section 4.1; src/nn/hard_attention.h).
struct HardAttentionOptions {
  double reward_weight = 1.0;     ///< λ_r, weight of the score-function term
  double entropy_weight = 0.002;  ///< λ_e, weight of the entropy of the weights
  double expected = 0.5;          ///< probability that a sentence's contexts are means
  double baseline_decay = 0.9;  ///< decay of the mean log-likelihood that rewards are compared with
};

/// Whether the score knows what has been looked at (Tu et al. 2016, arXiv:1601.04811).
enum class CoverageType {
  kNone,
  kLinguistic,  ///< the sum of weights over the word's fertility
  kNeural,      ///< a GRU of its own at every annotation
};

/// How the contexts of several sources become one (src/nn/multi_source_attention.h).
enum class SourceCombination {
  kConcat,        ///< a map of all, one behind the other (Zoph & Knight 2016, arXiv:1601.00710)
  kHierarchical,  ///< an attention to the contexts (Libovický & Helcl 2017, arXiv:1704.06567)
};

struct AttentionOptions {
  ScoreType score = ScoreType::kAdditive;
  int64_t width = 512;      ///< units of the additive and scaled dot scores' hidden layer (A)
  int64_t heads = 1;        ///< attentions side by side; divides the widths they share
  int64_t positions = 128;  ///< source tokens that the location score can look at
  WeightNormalization normalization = WeightNormalization::kSoftmax;
  AttentionWindowType window = AttentionWindowType::kGlobal;
  int64_t window_width = 10;  ///< D, tokens on either side of a local window's centre
  CoverageType coverage = CoverageType::kNone;
  int64_t coverage_width = 10;  ///< units of neural coverage
  AttentionKind kind = AttentionKind::kSoft;
  HardAttentionOptions hard;
  SourceCombination source_combination = SourceCombination::kConcat;
};

/// What a gate between source and target multiplies (Tu et al. 2017, arXiv:1608.06043).
enum class ContextGateType {
  kNone,
  kSource,  ///< what the context says
  kTarget,  ///< what the last word and the state say
  kBoth,    ///< the one by z, the other by 1 - z
};

struct DecoderOptions {
  CellType cell = CellType::kGru;
  int64_t hidden = 512;  ///< units of the state
  int64_t layers = 1;    ///< stacked cells; the first one attends
  AttentionPlace attention_place = AttentionPlace::kBetween;
  int64_t readout = 256;  ///< units of the layer before the softmax; tied output needs target
                          ///< embedding's width
  ReadoutType readout_type = ReadoutType::kTanh;
  bool readout_embedding = true;  ///< the readout reads the last word too
  bool input_feeding = false;  ///< the first cell reads the last readout (Luong et al. 2015, 3.3)
  bool residual = false;       ///< a layer above the first adds to the one below (Wu et al. 2016)
  bool context_to_upper = false;  ///< layers above the first read the context too (GNMT, Wu et al.
                                  ///< 2016, arXiv:1609.08144)
  InitialState initial_state = InitialState::kMean;
  bool initial_shared = false;   ///< one first state for all layers (Nematus, Marian)
  int64_t transition_depth = 1;  ///< as the encoder's, of every cell; between: not of the first
  int64_t upper_transition_depth = 0;  ///< of the layers above the first; 0: the same
  ContextGateType context_gate = ContextGateType::kNone;
};

/// Probabilities in [0, 1), and what shares a mask.
struct DropoutOptions {
  double embedding = 0.2;  ///< units of embeddings
  double hidden =
      0.2;  ///< units of annotations, of the states between layers and of the readout's inputs
  double readout = 0.2;      ///< units of the layer before the softmax
  double source_word = 0.0;  ///< whole source words, or vectors of an item
  double target_word = 0.0;  ///< whole target words fed back
  double recurrent = 0.0;    ///< units of h in every U h; slower, because no kernel does it
  DropoutKind kind = DropoutKind::kVariational;
};

/// A second attention, which explains translations (src/model/alignment_head.h).
struct AlignmentHeadOptions {
  int64_t width = 0;  ///< units of each direction of its GRU and of its score (A); 0: no such head
};

struct ModelOptions {
  EmbeddingOptions embedding;
  InputOptions input;
  EncoderOptions encoder;
  AttentionOptions attention;
  DecoderOptions decoder;
  DropoutOptions dropout;
  AlignmentHeadOptions alignment_head;
};

}  // namespace weft
