#pragma once
// The one description of a config: every key, its rule and its help, in the order of a dump.
// A field of an option struct gets one line here; reading, writing, listing and comparing follow.
//
// A visitor has
//   field(name, value, [rule,] help)   one key; rules are in config/rules.h
//   section(name, options)             a map of keys, described by its own visit()

#include "config/config.h"
#include "config/rules.h"

namespace weft {

template <class Visitor>
void visit(Visitor& v, DataOptions& o) {
  v.field("train_source", o.train_source, "training text, one sentence per line, also .gz or .zst");
  v.field("train_target", o.train_target, "its translation, line by line, in as many files");
  v.field("valid_source", o.valid_source, "validation text; empty: no validation");
  v.field("valid_target", o.valid_target, "its translation, line by line, in as many files");
  v.field("further_train_source", o.further_train_source,
          "for models of several sources: the second one's files, then the third's, ...");
  v.field("further_valid_source", o.further_valid_source, "likewise for validation");
  v.field("max_length", o.max_length, at_least(1),
          "tokens; longer training pairs are left out and counted");
  v.field("factor_separator", o.factor_separator,
          "stands between a source word and each of its factors (model.embedding.factors)");
  v.field("tempdir", o.tempdir,
          "folder of the temporary files that hold the encoded text; empty: the model's");
}

template <class Visitor>
void visit(Visitor& v, VocabularyOptions& o) {
  v.field("type", o.type, "how text becomes tokens");
  v.field("model", o.model, "which SentencePiece model is trained");
  v.field("source_size", o.source_size, at_least(8), "tokens; the upper limit for words");
  v.field("target_size", o.target_size, at_least(8),
          "tokens; must equal source_size when the vocabulary is shared");
  v.field("shared", o.shared, "one vocabulary for both sides, trained on both");
  v.field("character_coverage", o.character_coverage, above_up_to(0, 1),
          "part of the characters seen that get a piece of their own");
  v.field("normalization", o.normalization,
          "nmt_nfkc makes full-width punctuation plain; identity keeps text as it is written");
  v.field("byte_fallback", o.byte_fallback, "an unseen character becomes its bytes, not <unk>");
  v.field("sample_lines", o.sample_lines, at_least(1000),
          "lines a SentencePiece model is trained on, drawn at random if there are more");
  v.field("source_file", o.source_file, "an existing vocabulary, instead of training one");
  v.field("target_file", o.target_file, "likewise; not needed when the vocabulary is shared");
  v.field("further_sizes", o.further_sizes, at_least(8),
          "tokens of each further source's vocabulary; []: one source");
  v.field("factor_size", o.factor_size, at_least(8),
          "values of each source factor; an upper limit, the rarest are unknown");
}

template <class Visitor>
void visit(Visitor& v, EmbeddingOptions& o) {
  v.field("source", o.source, units(), "units of a source embedding");
  v.field("target", o.target, units(), "units of a target embedding");
  v.field("tying", o.tying, "target: output = target embeddings; all: source embeddings too");
  v.field(
      "source_vectors", o.source_vectors,
      "text file of word2vec, fastText or GloVe vectors, also .gz or .zst; words match pieces as "
      "they are spelt, with ▁");
  v.field("target_vectors", o.target_vectors, "likewise; with tying all, of the one matrix");
  v.field("frozen_source", o.frozen_source, "source embeddings are not trained");
  v.field("frozen_target", o.frozen_target,
          "target embeddings are not trained, nor what is tied to them");
  v.field(
      "factors", o.factors, at_least(1),
      "units of each factor's embedding that source words carry (word|factor|factor); []: none");
  v.field("factor_combine", o.factor_combine, "of the embeddings of a word and its factors");
}

template <class Visitor>
void visit(Visitor& v, EncoderOptions& o) {
  v.field("cell", o.cell, "recurrent cell");
  v.field("hidden", o.hidden, units(), "units of each direction");
  v.field("layers", o.layers, within(1, 1024), "stacked layers");
  v.field("type", o.type, "embeddings: no recurrence, attention over embeddings with positions");
  v.field("direction", o.direction,
          "alternating: two stacks that turn round at each layer; first_bidirectional: GNMT");
  v.field("residual", o.residual, "a layer as wide as the one below adds to it");
  v.field("pyramid", o.pyramid, at_least(1),
          "positions that each layer above the first joins into one");
  v.field("transition_depth", o.transition_depth, within(1, 1024),
          "transitions of a cell in one step; those after the first have no input");
}

template <class Visitor>
void visit(Visitor& v, HardAttentionOptions& o) {
  v.field("reward_weight", o.reward_weight, at_least(0), "of the score-function term");
  v.field("entropy_weight", o.entropy_weight, at_least(0), "of the entropy of the weights");
  v.field("expected", o.expected, probability(),
          "that the contexts of a sentence are means after all");
  v.field("baseline_decay", o.baseline_decay, from_below(0, 1),
          "of the moving average that rewards are held against");
}

template <class Visitor>
void visit(Visitor& v, AttentionOptions& o) {
  v.field("score", o.score, "what compares query and annotations; none: one fixed vector instead");
  v.field("width", o.width, units(), "units of the additive and scaled dot scores' hidden layer");
  v.field("heads", o.heads, within(1, 1024),
          "attentions side by side, each over a slice of the units");
  v.field("positions", o.positions, at_least(1), "source tokens the location score can look at");
  v.field("normalization", o.normalization,
          "what turns energies into weights; all but softmax give exact zeros");
  v.field("window", o.window, "local_m: about the number of the step; local_p: about a prediction");
  v.field("window_width", o.window_width, at_least(1),
          "tokens on either side of a local window's centre");
  v.field("coverage", o.coverage, "what the score knows of where attention has been");
  v.field("coverage_width", o.coverage_width, units(), "units of neural coverage");
  v.field("kind", o.kind, "hard: one annotation is the context, drawn by its weight in training");
  v.section("hard", o.hard);
  v.field("source_combination", o.source_combination,
          "of the contexts of several sources; hierarchical: an attention to them");
}

template <class Visitor>
void visit(Visitor& v, DecoderOptions& o) {
  v.field("cell", o.cell, "recurrent cell");
  v.field("hidden", o.hidden, units(), "units of the state");
  v.field("layers", o.layers, within(1, 1024), "stacked cells; the first one attends");
  v.field("attention_place", o.attention_place,
          "before: the state attends before it reads the last word; between: after, and a second "
          "cell reads the context; after: the top layer attends");
  v.field("readout", o.readout, units(),
          "units before the softmax; the target embedding's when that is tied");
  v.field("readout_type", o.readout_type, "maxout: the larger of two units");
  v.field("readout_embedding", o.readout_embedding, "the readout reads the last word too");
  v.field("input_feeding", o.input_feeding, "the first cell reads the last readout");
  v.field("residual", o.residual, "a layer above the first adds to the one below");
  v.field("context_to_upper", o.context_to_upper, "layers above the first read the context too");
  v.field("initial_state", o.initial_state, "mean annotation, last states of the encoder, or zero");
  v.field("transition_depth", o.transition_depth, within(1, 1024),
          "as the encoder's; with attention between: of the cell that reads the context");
  v.field("context_gate", o.context_gate,
          "a learned gate on what the source says, on what the target says, or between both");
}

template <class Visitor>
void visit(Visitor& v, DropoutOptions& o) {
  v.field("embedding", o.embedding, probability(), "of units of embeddings");
  v.field("hidden", o.hidden, probability(), "of annotations, states and the readout's inputs");
  v.field("readout", o.readout, probability(), "of units of the layer before the softmax");
  v.field("source_word", o.source_word, probability(), "of whole source words");
  v.field("target_word", o.target_word, probability(), "of whole target words fed back");
  v.field("recurrent", o.recurrent, probability(),
          "of units of the last state in its matrix products; slower");
  v.field("kind", o.kind, "variational: one mask for all steps of a sentence; plain: one a step");
}

template <class Visitor>
void visit(Visitor& v, ModelOptions& o) {
  v.section("embedding", o.embedding);
  v.section("encoder", o.encoder);
  v.section("attention", o.attention);
  v.section("decoder", o.decoder);
  v.section("dropout", o.dropout);
}

template <class Visitor>
void visit(Visitor& v, OptimizerOptions& o) {
  v.field("learning_rate", o.learning_rate, above(0), "Adam's peak step size");
  v.field("beta1", o.beta1, from_below(0, 1), "Adam's decay of the mean gradient");
  v.field("beta2", o.beta2, from_below(0, 1), "Adam's decay of the mean squared gradient");
  v.field("epsilon", o.epsilon, above(0), "Adam's guard against division by zero");
  v.field("clip_norm", o.clip_norm, at_least(0), "largest 2-norm of a gradient; 0: no clipping");
}

template <class Visitor>
void visit(Visitor& v, ScheduleOptions& o) {
  v.field("warmup_steps", o.warmup_steps, at_least(0), "updates from 0 up to learning_rate");
  v.field("inverse_sqrt_steps", o.inverse_sqrt_steps, at_least(0),
          "from this update on the rate falls as 1/sqrt(updates); 0: constant");
  v.field("plateau_factor", o.plateau_factor, above_up_to(0, 1),
          "multiplies the rate when validation has stalled");
  v.field("plateau_patience", o.plateau_patience, at_least(0),
          "validations without improvement before that; 0: never");
  v.field("minimum_rate", o.minimum_rate, at_least(0), "the rate does not fall below it");
}

template <class Visitor>
void visit(Visitor& v, ValidationOptions& o) {
  v.field("every", o.every, "how often; 0: never");
  v.field("metric", o.metric, "decides which model is best and when to stop");
  v.field("beam_size", o.beam_size, at_least(1), "of the translations that are scored");
  v.field("tokenizer", o.tokenizer, Choices{{"13a", "zh", "none"}}, "of BLEU");
  v.field("patience", o.patience, at_least(0),
          "validations without improvement before training stops; 0: never");
}

template <class Visitor>
void visit(Visitor& v, TrainingOptions& o) {
  v.field("seed", o.seed, at_least(0), "of every random number");
  v.field("threads", o.threads, within(0, 1024), "0: as many as the machine has");
  v.field("batch_tokens", o.batch_tokens, at_least(1), "padded tokens of a batch's longer side");
  v.field("label_smoothing", o.label_smoothing, probability(), "spread over all target tokens");
  v.field("exponential_smoothing", o.exponential_smoothing, from_below(0, 1),
          "decay of averaged weights, which are validated and saved; 0: none");
  v.field("stop_after", o.stop_after, "length of training; 0: no limit");
  v.field("time_limit_seconds", o.time_limit_seconds, at_least(0), "0: none");
  v.field("checkpoint_every", o.checkpoint_every, "how often training can be resumed; 0: never");
  v.field("log_every", o.log_every, "how often progress is logged; 0: never");
  v.field("precision", o.precision,
          "of matrix products in training, float32 or bfloat16; weights are float32");
  v.section("optimizer", o.optimizer);
  v.section("schedule", o.schedule);
  v.section("validation", o.validation);
}

template <class Visitor>
void visit(Visitor& v, DecodingOptions& o) {
  v.field("beam_size", o.beam_size, at_least(1), "hypotheses kept");
  v.field("length_normalization", o.length_normalization, at_least(0),
          "score = log p / length^this; 0: none");
  v.field("max_length_factor", o.max_length_factor, above(0),
          "longest translation: this times the source's tokens, plus 10");
  v.field("max_source_length", o.max_source_length, at_least(1),
          "tokens; a longer line is translated as far as this, and reported");
  v.field("batch_sentences", o.batch_sentences, at_least(1), "sentences decoded together");
  v.field("batch_tokens", o.batch_tokens, at_least(1), "padded source tokens decoded together");
  v.field("precision", o.precision, "of matrix products in search");
}

template <class Visitor>
void visit(Visitor& v, Config& o) {
  v.section("data", o.data);
  v.section("vocabulary", o.vocabulary);
  v.section("model", o.model);
  v.section("training", o.training);
  v.section("decoding", o.decoding);
}

}  // namespace weft
