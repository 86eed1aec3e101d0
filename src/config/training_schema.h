#pragma once
// Training: their keys, rules and help. See config/schema.h.

#include "config/config.h"
#include "config/rules.h"

namespace weft {

template <class Visitor>
void visit(Visitor& v, OptimizerOptions& o) {
  v.field("type", o.type, "how gradients move the weights");
  v.field("learning_rate", o.learning_rate, step_size(),
          "peak step size; adafactor's is relative to the size of each matrix");
  v.field("beta1", o.beta1, from_below(0, 1), "decay of the mean gradient in adam and adamw");
  v.field("beta2", o.beta2, from_below(0, 1),
          "decay of the mean squared gradient in adam, adamw, rmsprop and adadelta");
  v.field("epsilon", o.epsilon, above_up_to(0, 1), "guard against division by zero");
  v.field("momentum", o.momentum, from_below(0, 1), "momentum of sgd and rmsprop; 0: none");
  v.field("nesterov", o.nesterov, "Nesterov's form of sgd's momentum");
  v.field("weight_decay", o.weight_decay, term_weight(),
          "decoupled decay of the weights in adamw, times the rate");
  v.field("clip_norm", o.clip_norm, within(0, 1e9), "largest 2-norm of a gradient; 0: no clipping");
}

template <class Visitor>
void visit(Visitor& v, ScheduleOptions& o) {
  v.field("warmup_steps", o.warmup_steps, count_from(0), "updates from 0 up to learning_rate");
  v.field("inverse_sqrt_steps", o.inverse_sqrt_steps, count_from(0),
          "from this update on the rate falls as 1/sqrt(updates); 0: it does not");
  v.field("exponential_steps", o.exponential_steps, count_from(0),
          "updates after warm-up in which the rate falls to exponential_factor of itself; 0: it "
          "does not");
  v.field("exponential_factor", o.exponential_factor, above_up_to(0, 1),
          "part of the rate left after exponential_steps updates");
  v.field("cosine_steps", o.cosine_steps, count_from(0),
          "update at which half a cosine from the end of warm-up reaches minimum_rate; 0: no "
          "cosine");
  v.field("plateau_factor", o.plateau_factor, above_up_to(0, 1),
          "multiplies the rate when validation has stalled");
  v.field("plateau_patience", o.plateau_patience, count_from(0),
          "validations without improvement before that; 0: never");
  v.field("minimum_rate", o.minimum_rate, within(0, step_size().high),
          "the rate does not fall below it");
}

template <class Visitor>
void visit(Visitor& v, ValidationOptions& o) {
  v.field("every", o.every, "interval between validations; 0: never");
  v.field("metric", o.metric, "metric that decides which model is best and when to stop");
  v.field("beam_size", o.beam_size, hypotheses(0),
          "beam size of the translations that are scored; 0: decoding.beam_size");
  v.field("tokenizer", o.tokenizer, Choices{{"13a", "zh", "none"}}, "tokenizer used for BLEU");
  v.field("patience", o.patience, count_from(0),
          "validations without improvement before training stops; 0: never");
  v.field("more_metrics", o.more_metrics, MayBeEmpty{},
          "further metrics, the best model by each of which is kept in best/METRIC; []: none");
  v.field("more_patience", o.more_patience, count_from(0),
          "patience of each of more_metrics; []: that of metric");
  v.field(
      "stop_on", o.stop_on,
      "metrics that must have lost their patience for training to stop: the first (metric), any "
      "of all, or all");
  v.field(
      "command", o.command,
      "shell command that reads the translations, a line each, and whose last printed number is "
      "metric command; empty: none");
  v.field("command_minimizes", o.command_minimizes, "less of the command's number is better");
  v.field("samples", o.samples, within(0, 1000), "translations shown in the log");
  v.field("sample_matrices", o.sample_matrices, "alignment matrices drawn beside the samples");
  v.field(
      "gold", o.gold,
      "file of word links of the validation text (0-0 1p2, a line for each pair) for aer; empty: "
      "those of Weft's word aligner, if it teaches attention or the alignment head");
}

template <class Visitor>
void visit(Visitor& v, GuidedAlignmentOptions& o) {
  v.field(
      "weight", o.weight, term_weight(),
      "weight of the loss that teaches attention a word alignment, at the first update; 0: none");
  v.field("final_weight", o.final_weight, term_weight(),
          "the weight falls to this, if it is greater");
  v.field("half_life", o.half_life, count_from(0),
          "updates in which what the weight is above final_weight halves; 0: it does not fall");
  v.field(
      "links", o.links,
      "file of the training text's word links (0-0 1-2, a line for each pair); empty: Weft's own "
      "word aligner makes them");
  v.field("regions", o.regions,
          "file of gold regions of the training pictures or sound, in the JSON Lines that weft "
          "evaluate "
          "--regions reads; attention is taught to lie within those of each word; empty: none");
}

template <class Visitor>
void visit(Visitor& v, DistillationOptions& o) {
  v.field("teacher", o.teacher,
          "model directory whose distributions over the same vocabulary are learnt; empty: none");
  v.field("weight", o.weight, within(0, 1), "the teacher's part of the loss");
  v.field("temperature", o.temperature, above_up_to(0, 100),
          "both distributions are those of logits divided by this");
}

template <class Visitor>
void visit(Visitor& v, ScheduledSamplingOptions& o) {
  v.field("probability", o.probability, probability(),
          "probability of feeding the decoder its own word instead of the reference's, which it "
          "rises to; 0: none");
  v.field("decay", o.decay, count_from(1),
          "updates k in which reference words give way: k / (k + exp(t / k))");
}

template <class Visitor>
void visit(Visitor& v, MinimumRiskOptions& o) {
  v.field("weight", o.weight, within(0, 1),
          "part of the loss that is the expected cost of the model's own translations (minimum "
          "risk training), for each target token; 0: none");
  v.field("candidates", o.candidates,
          "translations that are compared: samples of the model, or the best of a beam");
  v.field("count", o.count, within(1, 1000),
          "translations of each sentence; a batch is read so many times more");
  v.field("reference", o.reference, "the reference is one of them");
  v.field("sharpness", o.sharpness, above_up_to(0, 100),
          "exponent of a translation's probability among those compared");
  v.field("metric", o.metric, "what the cost of a translation is 1 minus, sentence by sentence");
}

template <class Visitor>
void visit(Visitor& v, NonFiniteOptions& o) {
  v.field("limit", o.limit, count_from(0),
          "updates in a row skipped for a loss or gradient that is not finite after which training "
          "goes back to its last good checkpoint; 0: never");
  v.field("rate_factor", o.rate_factor, above_up_to(0, 1),
          "multiplies the learning rate each time that training goes back");
  v.field("returns", o.returns, count_from(0), "times that training goes back before it ends");
}

template <class Visitor>
void visit(Visitor& v, TrainingOptions& o) {
  v.field("from", o.from,
          "model directory that weights begin from, and vocabularies that are not given; empty: "
          "none");
  v.field(
      "freeze", o.freeze, TextList{"a pattern or a list of patterns"},
      "parameters that stay as they start: patterns of names (encoder.*, *embedding); []: none");
  v.field(
      "rate_factors", o.rate_factors, TextList{"PATTERN=FACTOR or a list of such"},
      "factors of the learning rate, PATTERN=FACTOR each, the first that matches a name counts; "
      "[]: none");
  v.field("seed", o.seed, random_seed(), "random seed");
  v.field("threads", o.threads, thread_count(),
          "threads that compute; 0: as many as the machine has cores");
  v.field("batch_tokens", o.batch_tokens, batch_size(), "padded tokens of a batch's longer side");
  v.field("batch_sentences", o.batch_sentences, within(0, 1 << 20),
          "most sentences of a batch; 0: as many as batch_tokens allows");
  v.field(
      "batch_memory", o.batch_memory, count_from(0),
      "most megabytes that a batch takes on the processor; dry runs before the first update lower "
      "batch_tokens to what fits; 0: no limit");
  v.field("curriculum_epochs", o.curriculum_epochs, count_from(0),
          "first epochs, in which batches go from short sentences to long ones, in each stretch of "
          "131072 pairs");
  v.field("loss_per", o.loss_per,
          "what the loss of an update is a mean over: target tokens, or sentences, whose losses "
          "are sums over their tokens");
  v.field("accumulate", o.accumulate, within(1, 1 << 16),
          "batches whose gradients make one update, as one large batch would; processes that train "
          "together share them evenly");
  v.field("label_smoothing", o.label_smoothing, probability(),
          "probability spread evenly over all target tokens");
  v.field("attention_balance", o.attention_balance, term_weight(),
          "weight of the loss that has a sentence look at every annotation equally much in all; 0: "
          "none");
  v.field("coverage", o.coverage, term_weight(),
          "weight of the loss on looking again at the same annotations (See et al. 2017); 0: none");
  v.field("attention_entropy", o.attention_entropy, term_weight(),
          "weight of the entropy of attention as a loss; 0: none");
  v.field("r_drop", o.r_drop, term_weight(),
          "weight of the loss between two readings of a batch with dropout of their own (R-Drop); "
          "0: none, and one reading");
  v.section("distillation", o.distillation);
  v.section("scheduled_sampling", o.scheduled_sampling);
  v.section("minimum_risk", o.minimum_risk);
  v.field("exponential_smoothing", o.exponential_smoothing, from_below(0, 1),
          "decay of averaged weights, which are validated and saved; 0: none");
  v.field("stop_after", o.stop_after, "length of training; 0: no limit");
  v.field("time_limit_seconds", o.time_limit_seconds, seconds(),
          "wall-clock time of all runs together, with reading and validation; 0: no limit");
  v.field("peer_timeout_seconds", o.peer_timeout_seconds, within(1, 86400),
          "time after which a silent process of those that train together counts as lost");
  v.field(
      "checkpoint_every", o.checkpoint_every,
      "how often a checkpoint is written besides those of each best model and the end; 0: none");
  v.field("log_every", o.log_every,
          "how often progress is logged and measured; 0: once a minute, and not measured");
  v.field("precision", o.precision,
          "precision of matrix products in training; auto: bfloat16 where the processor is fast in "
          "it, otherwise float32; a resumed run keeps the precision it began in");
  v.field("device", o.device,
          "where training and validation compute; auto: the first GPU, if there is one; N counts "
          "from 0");
  v.section("optimizer", o.optimizer);
  v.section("schedule", o.schedule);
  v.section("validation", o.validation);
  v.section("guided_alignment", o.guided_alignment);
  v.section("non_finite", o.non_finite);
}

}  // namespace weft
