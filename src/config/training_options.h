#pragma once
// How a model is trained, validated and stopped.

#include <cstdint>
#include <string>
#include <vector>

namespace weft {

/// A stretch of training: "5000u" updates, "3e" epochs, "2Mt" target tokens (also k, M), as in
/// Marian.
struct Period {
  enum class Unit { kUpdates, kEpochs, kTargetTokens };
  int64_t count = 0;  ///< 0: never
  Unit unit = Unit::kUpdates;
};

/// The number that decides which model is best and when to stop.
enum class ValidationMetric {
  kLoss,
  kPerplexity,
  kBleu,
  kChrf,
  kAer,      ///< alignment error rate of forced matrices
  kHeadAer,  ///< that of the alignment head
  kCommand,  ///< the number that a command of the person's prints
};

/// How many of several metrics must have stopped improving for training to end.
enum class StopOn { kFirst, kAny, kAll };

/// What alignments are made from.
enum class AlignmentFrom {
  kAttention,  ///< α, that translated
  kHead,       ///< the alignment head (src/model/alignment_head.h)
  kAligner,    ///< the word aligner that learnt from the same text, kept beside the model
  kCombined,   ///< the head, or without one the attention, and the aligner together
};

/// What matrix products multiply; their sums are float32 or exact. Weights are float32 in the file.
enum class Precision {
  kFloat32,
  kBfloat16,
  kInt8,  ///< in search alone: weights by output, inputs by row, rounded to 8 bits
  kAuto,  ///< bfloat16 where the processor has fast products in it, otherwise float32
};

/// Where tensors are computed. A choice of the machine, not of the model: files know no device.
struct DeviceChoice {
  enum class Kind {
    kAuto,  ///< the first GPU, if there is one that LibTorch can use, otherwise the processor
    kCpu,
    kCuda,
  };
  Kind kind = Kind::kAuto;
  int64_t index = 0;  ///< of the GPU
  bool operator==(const DeviceChoice&) const = default;
};

/// How gradients move the weights.
enum class OptimizerType { kSgd, kAdam, kAdamW, kAdagrad, kAdadelta, kRmsprop, kAdafactor };

struct OptimizerOptions {
  OptimizerType type = OptimizerType::kAdam;
  double learning_rate = 1e-3;  ///< peak, > 0; of adafactor: relative to a matrix's own size
  double beta1 = 0.9;           ///< adam, adamw: decay of the mean gradient, in [0, 1)
  double beta2 = 0.998;   ///< adam, adamw, rmsprop (its α), adadelta (its ρ): decay of the mean
                          ///< squared gradient, in [0, 1)
  double epsilon = 1e-8;  ///< > 0; not of sgd and adafactor
  double momentum = 0;    ///< sgd, rmsprop: in [0, 1); 0: none
  bool nesterov = false;  ///< sgd with momentum looks ahead
  double weight_decay = 0.01;  ///< adamw: part of the weights, times the rate, taken off; >= 0
  double clip_norm = 1.0;      ///< the gradient's 2-norm is scaled down to this; 0: no clipping
};

/// Warm-up and plateau go with any of the three ways to fall, of which one at most is in use.
struct ScheduleOptions {
  int64_t warmup_steps = 200;  ///< linear from 0 to learning_rate
  int64_t inverse_sqrt_steps =
      0;  ///< after this many updates the rate falls as 1/sqrt(updates); 0: it does not
  int64_t exponential_steps = 0;  ///< updates after warm-up in which the rate falls to
                                  ///< exponential_factor of itself, again and again; 0: it does not
  double exponential_factor = 0.5;  ///< in (0, 1]
  int64_t cosine_steps = 0;  ///< update at which half a cosine, from the end of warm-up on, has
                             ///< brought the rate down to minimum_rate; 0: no cosine
  double plateau_factor =
      0.5;  ///< in (0, 1]; the rate is multiplied by this when validation has stalled
  int64_t plateau_patience = 2;  ///< validations without improvement before that; 0: never
  double minimum_rate = 1e-5;    ///< >= 0; the rate does not fall below it
};

struct ValidationOptions {
  Period every{1, Period::Unit::kEpochs};
  ValidationMetric metric = ValidationMetric::kBleu;
  int64_t beam_size = 0;          ///< for the translations that are scored; 0: decoding.beam_size
  std::string tokenizer = "13a";  ///< for BLEU: 13a, zh or none
  int64_t patience = 8;  ///< validations without improvement before training stops; 0: never
  std::vector<ValidationMetric> more_metrics = {};  ///< whose best models are kept as well
  std::vector<int64_t> more_patience = {};          ///< of each of them; empty: patience, of all
  StopOn stop_on = StopOn::kFirst;  ///< which of the metrics must have lost its patience; kFirst:
                                    ///< `metric` itself
  std::string command = {};  ///< for the shell; reads the translations, and the last number that
                             ///< it prints is metric `command`; empty: none
  bool command_minimizes = false;  ///< whether less of that number is better
  int64_t samples = 2;             ///< translations that are logged
  bool sample_matrices = false;    ///< whether the alignment of each is drawn beside it
  std::string gold;  ///< file of Pharaoh links of the validation text, which alignments are
                     ///< compared with; empty: Weft's aligner's, if attention is guided
};

/// Attention taught by a word aligner (Chen et al. 2016, arXiv:1607.01628), or by regions of
/// pictures and sound (Liu et al. 2017, arXiv:1605.09553).
struct GuidedAlignmentOptions {
  double weight = 0;  ///< of the guided loss beside the translation loss at the first update, >= 0;
                      ///< 0: attention is not guided
  double final_weight = 0.1;  ///< what the weight falls to, if it is greater
  int64_t half_life = 2000;  ///< updates in which what it is above that halves; 0: it does not fall
  std::string links = {};    ///< file of Pharaoh links of the training text; empty: Weft's aligner
  std::string regions =
      {};  ///< file of gold regions of the training items (metrics/gold_regions.h)
};

/// What is done about losses and gradients that are not finite. Their updates are skipped, and cost
/// nothing else; so many of them in a row are weights that have diverged.
struct NonFiniteOptions {
  int64_t limit = 10;  ///< skipped updates in a row after which training goes back to its last good
                       ///< checkpoint; 0: it never does
  double rate_factor = 0.5;  ///< in (0, 1]; the learning rate is multiplied by this each time
  int64_t returns = 3;       ///< times that it goes back before it ends
};

/// A model that learns from another one's distributions (Kim & Rush 2016, arXiv:1606.07947).
struct DistillationOptions {
  std::string teacher = {};  ///< model directory; empty: none
  double weight = 0.5;       ///< of the teacher's part of the loss, in [0, 1]
  double temperature = 1;    ///< > 0; of both distributions
};

/// Words of its own that the decoder is fed in training (Bengio et al. 2015, arXiv:1506.03099).
struct ScheduledSamplingOptions {
  double probability = 0;  ///< in [0, 1), that it rises to; 0: none
  int64_t decay = 5000;    ///< k, > 0: the probability is that times 1 - k / (k + exp(t / k))
};

/// What minimum risk training compares (Shen et al. 2016, arXiv:1512.02433).
enum class RiskCandidateKind {
  kSamples,  ///< translations drawn token by token
  kBeam,     ///< the best of beam search
};

/// What a candidate costs: 1 minus this, of the sentence.
enum class RiskMetric { kBleu, kChrf };

struct MinimumRiskOptions {
  double weight = 0;  ///< part of the expected cost in the loss, in [0, 1]; 0: none
  RiskCandidateKind candidates = RiskCandidateKind::kSamples;
  int64_t count = 20;        ///< of them for a sentence, >= 1, before the same ones are joined
  bool reference = true;     ///< whether the reference is one more
  double sharpness = 0.005;  ///< alpha, > 0, in Q(y) ~ p(y)^alpha over the candidates
  RiskMetric metric = RiskMetric::kBleu;
};

/// What the loss of an update is a mean over.
enum class LossUnit { kToken, kSentence };

struct TrainingOptions {
  std::string from = {};                 ///< model directory that weights begin from; empty: none
  std::vector<std::string> freeze = {};  ///< patterns of the names of parameters that stay
  std::vector<std::string> rate_factors = {};  ///< "PATTERN=FACTOR": of the learning rate
  int64_t seed = 1;
  int64_t threads = 0;            ///< 0: as many as the machine has
  int64_t batch_tokens = 2000;    ///< target budget of a batch: padded tokens of its longer side
  int64_t batch_sentences = 0;    ///< most pairs of a batch; 0: as many as batch_tokens allows
  int64_t batch_memory = 0;       ///< most megabytes (10^6 bytes) that a batch takes, found by dry
                                  ///< runs, which lower batch_tokens; 0: no limit
  int64_t curriculum_epochs = 0;  ///< first epochs in which batches go from short to long
  LossUnit loss_per = LossUnit::kToken;
  int64_t accumulate = 1;  ///< batches whose gradients make one update, those of all processes
                           ///< that train together, in [1, 65536]
  double label_smoothing = 0.1;    ///< in [0, 1)
  double attention_balance = 0.0;  ///< λ of doubly stochastic attention (Xu et al. 2015, eq. 14)
  double coverage = 0.0;           ///< weight of coverage_loss()
  double attention_entropy = 0.0;  ///< weight of attention_entropy_loss()
  double r_drop = 0.0;             ///< weight of r_drop_loss()
  DistillationOptions distillation;
  ScheduledSamplingOptions scheduled_sampling;
  MinimumRiskOptions minimum_risk;
  double exponential_smoothing = 0.0;  ///< decay of averaged weights, in [0, 1); 0: none.
                                       ///< Validation and the saved model use the average
  Period stop_after{30, Period::Unit::kEpochs};
  double time_limit_seconds = 0;      ///< of wall-clock time over all runs, reading the text and
                                      ///< validation included; 0: none
  double peer_timeout_seconds = 300;  ///< for which a process waits for another, in [1, 86400]
  Period checkpoint_every{1, Period::Unit::kEpochs};  ///< besides those of every best model and at
                                                      ///< the end
  Period log_every{100, Period::Unit::kUpdates};
  Precision precision = Precision::kAuto;
  DeviceChoice device;
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  ValidationOptions validation;
  GuidedAlignmentOptions guided_alignment;
  NonFiniteOptions non_finite;
};

/// When the search of a sentence ends.
enum class EarlyStopping {
  kNever,  ///< when its beam is empty or at the length limit
  kExact,  ///< when none that is open can become one of the best asked for: the same translations
  kFirst,  ///< when as many as were asked for have ended: a better one may be missed
};

/// How the model translates when the command line does not say otherwise. Of a hypothesis of L
/// tokens (its end of sentence included), for a source of S (likewise), the score is
///   (log p - word_penalty L) / ((length_offset + L) / (length_offset + 1))^length_normalization
///   + brevity_penalty min(0, 1 - length_ratio S / L)
///   + coverage_penalty sum over source tokens of log min(1, what attention gave it).
struct DecodingOptions {
  int64_t beam_size = 5;              ///< hypotheses kept, >= 1
  double length_normalization = 1.0;  ///< 0: none
  double length_offset = 0;           ///< >= 0; 5: as Wu et al. 2016 (arXiv:1609.08144)
  double word_penalty = 0;            ///< for each token; negative: a reward
  double brevity_penalty = 0;         ///< >= 0, as in Sockeye
  double length_ratio = 1;            ///< expected target tokens for a source token
  double coverage_penalty = 0;        ///< >= 0, of Wu et al.; needs attention
  EarlyStopping early_stopping = EarlyStopping::kNever;
  double max_length_factor =
      3.0;  ///< a translation has at most this many times the source's tokens, plus 10
  int64_t max_length = 0;         ///< instead, its end included; 0: that
  double min_length_factor = 0;   ///< it does not end before this many times the source's tokens,
  int64_t min_length = 0;         ///< nor before this many tokens, unless at the limit
  std::string shortlist = {};     ///< table of words, or an aligner's directory, in the model's
                                  ///< directory: search is among its tokens alone; empty: all
  int64_t shortlist_first = 500;  ///< of the most frequent tokens, >= 0
  int64_t shortlist_best = 50;    ///< translations of each word and piece, >= 1
  int64_t max_source_length =
      500;  ///< tokens; a longer line is translated as far as this, and reported
  int64_t batch_sentences = 64;  ///< sentences decoded together
  int64_t batch_tokens = 8000;   ///< padded source tokens decoded together
  Precision precision = Precision::kFloat32;
  int64_t alignment_shift = 0;  ///< in [-1, 1]: a step's attention is shown for the token this many
                                ///< after the one that it predicts
  AlignmentFrom alignment_from = AlignmentFrom::kAttention;
};

}  // namespace weft
