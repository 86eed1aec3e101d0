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
void visit(Visitor& v, ImageOptions& o) {
  v.field("height", o.height, within(1, 4096), "pixels that every picture is resized to");
  v.field("width", o.width, within(1, 4096), "pixels that every picture is resized to");
  v.field("channels", o.channels, within(1, 3), "3: red, green and blue; 1: grey");
  v.field(
      "resize", o.resize,
      "treatment of other proportions; stretch: they change; fit: black at two sides; crop: the "
      "middle alone");
}

template <class Visitor>
void visit(Visitor& v, FeatureOptions& o) {
  v.field("normalize", o.normalize, "utterance: mean 0 and variance 1 of each number in an item");
  v.field("deltas", o.deltas, "first and second differences beside the vectors of a sequence");
}

template <class Visitor>
void visit(Visitor& v, AudioOptions& o) {
  v.field("sample_rate", o.sample_rate, within(1000, 192000), "Hz that sound is resampled to");
  v.field("window", o.window, within(0.001, 1), "seconds of sound in a vector");
  v.field("hop", o.hop, within(0.001, 1), "seconds from one vector to the next");
  v.field("mels", o.mels, within(1, 512), "filters of the mel spectra");
  v.field("low_hz", o.low_hz, within(0, 96000), "frequency at which the lowest filter begins");
  v.field("high_hz", o.high_hz, within(0, 96000),
          "frequency at which the highest filter ends; 0: half the sample rate");
  v.field("normalize", o.normalize, "utterance: mean 0 and variance 1 of each filter in an item");
  v.field("deltas", o.deltas, "first and second differences beside the spectra");
  v.field("max_seconds", o.max_seconds, above_up_to(0, 86400), "longest sound; longer is refused");
}

template <class Visitor>
void visit(Visitor& v, SpecAugmentOptions& o) {
  v.field("time_warp", o.time_warp, within(0, 10000),
          "most vectors that a place in a training item is moved by, and the rest stretched with "
          "it; 0: no warping");
  v.field("frequency_masks", o.frequency_masks, within(0, 100),
          "masks in each training item over neighbouring numbers (mel filters) of all its vectors");
  v.field("frequency_width", o.frequency_width, within(1, 100000),
          "most numbers that a mask takes; how many is drawn from 0");
  v.field("time_masks", o.time_masks, within(0, 100),
          "masks in each training item over neighbouring vectors");
  v.field("time_width", o.time_width, within(1, 100000),
          "most vectors that a mask takes; how many is drawn from 0");
  v.field("time_part", o.time_part, above_up_to(0, 1),
          "part of an item's vectors that a mask takes at most");
}

template <class Visitor>
void visit(Visitor& v, CorporaOptions& o) {
  v.field("weights", o.weights, within(0, 1e6),
          "share of each corpus (file i of both sides) in the pairs trained on, compared with the "
          "others'; []: every pair once in an epoch");
  v.field("temperature", o.temperature, within(0, 1000),
          "shares in proportion to the pairs of each corpus to the power 1/temperature; 1: as they "
          "are, higher: more alike; 0: off");
  v.field("tags", o.tags, TextList{"a word or a list of words", true},
          "word put before the source lines of each corpus, such as <BT> or <2de>, a token of its "
          "own; \"\": none");
}

template <class Visitor>
void visit(Visitor& v, FilterOptions& o) {
  v.field("min_length", o.min_length, count_from(0),
          "fewest tokens of a side; shorter training pairs are left out and counted");
  v.field("max_ratio", o.max_ratio, within(0, 1e6),
          "most tokens of a pair's longer side for each one of the shorter; other training pairs "
          "are left out and counted; 0: no limit");
  v.field("duplicates", o.duplicates,
          "training pairs that are there already are left out and counted; takes 16 to 32 bytes of "
          "memory for a pair");
}

template <class Visitor>
void visit(Visitor& v, SubwordSamplingOptions& o) {
  v.field("source", o.source, within(0, 1),
          "segmentations of training text drawn anew in each epoch; unigram: exponent of their "
          "probabilities, such as 0.2; bpe: probability that a merge is left out, such as 0.1; 0: "
          "the best segmentation");
  v.field("target", o.target, within(0, 1), "segmentations of target lines, drawn likewise");
  v.field("nbest", o.nbest, within(0, 512),
          "best segmentations of a line that are drawn from, in a unigram model; 0: all there are");
}

template <class Visitor>
void visit(Visitor& v, DataOptions& o) {
  v.field("source_kind", o.source_kind,
          "what the lines of each source are: text, or names of items: a file of features, a "
          "picture or "
          "a sound");
  v.field("train_source", o.train_source,
          "training text, one sentence per line, also .gz or .zst: the files of the first source, "
          "then those of the second, ...");
  v.field("train_target", o.train_target,
          "translation of the training text, line by line, in as many files as each source");
  v.field("valid_source", o.valid_source,
          "validation text, source after source; empty: no validation");
  v.field("valid_target", o.valid_target,
          "translation of the validation text, line by line, in as many files as each source");
  v.field("train_format", o.train_format,
          "form of the training files; tsv, bars (source ||| target) and json have both sides in "
          "one file: named in train_source, train_target empty or the same; n-best: train_source "
          "has lines, and train_target a list as weft translate --n-best writes it, whose ids they "
          "are");
  v.field("valid_format", o.valid_format, "form of the validation files, likewise");
  v.field("json_keys", o.json_keys, TextList{"a list of two names"},
          "names of source and target in a line of json; /translation/en: one within another");
  v.section("corpora", o.corpora);
  v.field("train_sentence_weights", o.train_sentence_weights,
          "files with a number for each training pair, which its loss is multiplied by, as many as "
          "each source has; []: none");
  v.field("train_word_weights", o.train_word_weights,
          "files with a number for each word of each target line, which its loss is multiplied by; "
          "[]: none");
  v.section("filter", o.filter);
  v.section("subword_sampling", o.subword_sampling);
  v.field("source_root", o.source_root,
          "folder where relative names of items start; empty: the working directory");
  v.section("image", o.image);
  v.section("audio", o.audio);
  v.section("features", o.features);
  v.section("spec_augment", o.spec_augment);
  v.field(
      "feature_cache", o.feature_cache,
      "folder that keeps what networks and spectra make of items from run to run; empty: what a "
      "network makes is kept with the model in training");
  v.field("max_source_length", o.max_source_length, count_from(0),
          "most annotations of an item; longer training pairs are left out and counted; 0: no "
          "limit");
  v.field("max_length", o.max_length, count_from(1),
          "most tokens of a side; longer training pairs are left out and counted");
  v.field("factor_separator", o.factor_separator,
          "text between a source word and each of its factors (model.embedding.factors)");
  v.field(
      "right_to_left", o.right_to_left,
      "the decoder writes the last token of a target first; text and alignments read as always");
  v.field("text_cache", o.text_cache,
          "folder that keeps the encoded training text from run to run, for any number of runs; "
          "empty: each run encodes it into temporary files");
  v.field("text_cache_megabytes", o.text_cache_megabytes, count_from(0),
          "megabytes of text_cache beyond which a new text takes the place of those that have not "
          "been used for the longest time; 0: no limit");
  v.field("tempdir", o.tempdir,
          "folder for the temporary files that hold the encoded text; empty: the model directory");
}

template <class Visitor>
void visit(Visitor& v, VocabularyOptions& o) {
  v.field("type", o.type, "kind of vocabulary: subword pieces or whole words");
  v.field("model", o.model, "kind of SentencePiece model to train");
  v.field("source_size", o.source_size, vocabulary_entries(),
          "most tokens, of each source or of all; a small text yields fewer");
  v.field("target_size", o.target_size, vocabulary_entries(),
          "tokens; must equal the first source_size when the vocabulary is shared");
  v.field("shared", o.shared, "one vocabulary for both sides, trained on both");
  v.field("character_coverage", o.character_coverage, above_up_to(0, 1),
          "share of the text whose characters get a piece of their own");
  v.field("normalization", o.normalization,
          "treatment of characters by a SentencePiece model, which is part of it; nmt_nfkc: NFKC, "
          "plain blanks; nfkc: NFKC alone; _cf: and lower case; identity: text as written");
  v.field("source_word_normalization", o.source_word_normalization,
          "treatment of source words before they are looked for in a vocabulary of words, which "
          "keeps it with them; nfc: accented letters are one character; nfkc: variants of a "
          "character are alike, too; _lower: and lower case");
  v.field("target_word_normalization", o.target_word_normalization,
          "treatment of target words, likewise: translations are of words in this form");
  v.field("byte_fallback", o.byte_fallback, "bytes in place of <unk> for unseen characters");
  v.field("sample_lines", o.sample_lines, count_from(1000),
          "lines a SentencePiece model is trained on, drawn at random if there are more");
  v.field("source_file", o.source_file,
          "existing vocabulary of the first source, used instead of training one");
  v.field("target_file", o.target_file,
          "existing target vocabulary; not needed when the vocabulary is shared");
  v.field("factor_size", o.factor_size, vocabulary_entries(),
          "most values of each source factor; the rarest are unknown");
}

template <class Visitor>
void visit(Visitor& v, EmbeddingOptions& o) {
  v.field("source", o.source, units(), "units of a source embedding");
  v.field("target", o.target, units(), "units of a target embedding");
  v.field("tying", o.tying,
          "matrices that are one and the same; target: target embeddings and output; all: source "
          "embeddings too");
  v.field("source_vectors", o.source_vectors,
          "text file of word2vec, fastText or GloVe vectors to start from, also .gz or .zst; words "
          "match pieces as they are spelt, with ▁");
  v.field("target_vectors", o.target_vectors,
          "vectors that target embeddings start from; with tying all, those of the one matrix");
  v.field("frozen_source", o.frozen_source, "source embeddings stay as they start");
  v.field("frozen_target", o.frozen_target,
          "target embeddings, and what is tied to them, stay as they start");
  v.field("factors", o.factors, units(),
          "units of the embedding of each factor of a source word (word|factor|factor); []: no "
          "factors");
  v.field("factor_combine", o.factor_combine,
          "combination of the embeddings of a word and its factors");
}

template <class Visitor>
void visit(Visitor& v, EncoderOptions& o) {
  v.field("cell", o.cell, "recurrent cell");
  v.field("hidden", o.hidden, units(), "units of each direction");
  v.field("layers", o.layers, within(1, 1024), "stacked layers");
  v.field("type", o.type,
          "kind of encoder; embeddings: no recurrence, attention over embeddings with positions; "
          "annotations: what is not text as it is, in no order; rows: each row of a grid "
          "recurrently");
  v.field("direction", o.direction,
          "reading direction; alternating: two stacks that reverse at each layer; "
          "first_bidirectional: as in GNMT");
  v.field("residual", o.residual, "residual connections between layers of equal width");
  v.field("pyramid", o.pyramid, within(1, 1024),
          "positions that each layer above the first joins into one");
  v.field("transition_depth", o.transition_depth, within(1, 1024),
          "transitions of a cell in one step; those after the first have no input");
}

template <class Visitor>
void visit(Visitor& v, InputOptions& o) {
  v.field("width", o.width, within(0, 1 << 20),
          "numbers of a vector of each source, 0 for text; []: the files' own");
  v.field("map", o.map, "what each vector goes through");
  v.field("layer_norm", o.layer_norm, "layer normalisation of the vectors then");
  v.field("positions", o.positions,
          "sinusoids added to tell where a vector stands; grid: in its row and in its column");
  v.field("global", o.global, "the mean vector of an item is one more annotation");
  v.field("frame_stack", o.frame_stack, within(1, 1024),
          "vectors that are put one behind the other into one");
  v.field("convolution", o.convolution,
          "what makes vectors of pixels, trained with the rest; small: three layers of stride 2; "
          "im2latex: the six of Deng et al. 2017");
  v.field("pretrained", o.pretrained,
          "network for pictures instead, a TorchScript file; it is run as it is, and copied into "
          "the model");
}

template <class Visitor>
void visit(Visitor& v, HardAttentionOptions& o) {
  v.field("reward_weight", o.reward_weight, term_weight(), "weight of the score-function term");
  v.field("entropy_weight", o.entropy_weight, term_weight(),
          "weight of the entropy of the attention weights");
  v.field("expected", o.expected, probability(),
          "probability that the contexts of a sentence are means instead");
  v.field("baseline_decay", o.baseline_decay, from_below(0, 1),
          "decay of the moving average that rewards are compared with");
}

template <class Visitor>
void visit(Visitor& v, AttentionOptions& o) {
  v.field("score", o.score, "comparison of query and annotations; none: one fixed vector instead");
  v.field("width", o.width, units(), "units of the additive and scaled dot scores' hidden layer");
  v.field("heads", o.heads, within(1, 1024),
          "attentions side by side, each over a slice of the units");
  v.field("positions", o.positions, within(1, 65536),
          "source tokens the location score can look at");
  v.field("normalization", o.normalization,
          "what turns energies into weights; all but softmax give exact zeros");
  v.field("window", o.window,
          "annotations within reach; local_m: around the number of the step; local_p: around a "
          "predicted position");
  v.field("window_width", o.window_width, units(),
          "tokens on either side of a local window's centre");
  v.field("coverage", o.coverage, "what the score knows about past attention");
  v.field("coverage_width", o.coverage_width, units(), "units of neural coverage");
  v.field(
      "kind", o.kind,
      "kind of context; soft: a mean of annotations; hard: one, drawn by its weight in training");
  v.section("hard", o.hard);
  v.field("source_combination", o.source_combination,
          "combination of the contexts of several sources; hierarchical: attention over them");
}

template <class Visitor>
void visit(Visitor& v, DecoderOptions& o) {
  v.field("cell", o.cell, "recurrent cell");
  v.field("hidden", o.hidden, units(), "units of the state");
  v.field("layers", o.layers, within(1, 1024), "stacked cells; the first one attends");
  v.field("attention_place", o.attention_place,
          "place of attention in a step; before: the state attends before it reads the last word; "
          "between: after, and a second cell reads the context; after: the top layer attends");
  v.field("readout", o.readout, units(),
          "units before the softmax; as many as a target embedding has if that is tied");
  v.field("readout_type", o.readout_type,
          "activation before the softmax; maxout: the larger of two units");
  v.field("readout_embedding", o.readout_embedding, "the last word is an input of the readout");
  v.field("input_feeding", o.input_feeding, "the last readout is an input of the first cell");
  v.field("residual", o.residual, "residual connections above the first layer");
  v.field("context_to_upper", o.context_to_upper,
          "the context is an input of the layers above the first");
  v.field(
      "initial_state", o.initial_state,
      "first state: from the mean annotation, from the last states of the encoder, those of each "
      "of its layers as they are, or zero");
  v.field("initial_shared", o.initial_shared, "one first state for all layers");
  v.field("transition_depth", o.transition_depth, within(1, 1024),
          "transitions of a cell in one step; with attention between: of the cell that reads the "
          "context");
  v.field("upper_transition_depth", o.upper_transition_depth, within(0, 1024),
          "transitions of the cells of the layers above the first; 0: transition_depth");
  v.field("context_gate", o.context_gate,
          "learned gate on what the source contributes, on what the target does, or between both");
}

template <class Visitor>
void visit(Visitor& v, DropoutOptions& o) {
  v.field("embedding", o.embedding, probability(), "dropout of embedding units");
  v.field("hidden", o.hidden, probability(),
          "dropout of annotations, states and inputs of the readout");
  v.field("readout", o.readout, probability(), "dropout of units before the softmax");
  v.field("source_word", o.source_word, probability(),
          "dropout of whole source words, or whole vectors of an item");
  v.field("target_word", o.target_word, probability(), "dropout of whole target words fed back");
  v.field("recurrent", o.recurrent, probability(),
          "dropout of the last state in its matrix products; slower");
  v.field(
      "kind", o.kind,
      "dropout masks; variational: one for all steps of a sentence; plain: a new one at each step");
}

template <class Visitor>
void visit(Visitor& v, AlignmentHeadOptions& o) {
  v.field("width", o.width, units(0),
          "units of a second attention, which has read the word that it aligns, learns from the "
          "links of guided_alignment and leaves translations as they are; 0: none");
}

template <class Visitor>
void visit(Visitor& v, ModelOptions& o) {
  v.section("embedding", o.embedding);
  v.section("input", o.input);
  v.section("encoder", o.encoder);
  v.section("attention", o.attention);
  v.section("decoder", o.decoder);
  v.section("dropout", o.dropout);
  v.section("alignment_head", o.alignment_head);
}

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

template <class Visitor>
void visit(Visitor& v, DecodingOptions& o) {
  v.field("beam_size", o.beam_size, hypotheses(), "hypotheses kept at each step");
  v.field("length_normalization", o.length_normalization, length_exponent(),
          "score = log p / length^this; 0: none");
  v.field(
      "length_offset", o.length_offset, within(0, 1000),
      "b in ((b + length) / (b + 1))^length_normalization, which takes the place of length^...; "
      "5: as Wu et al. 2016");
  v.field("word_penalty", o.word_penalty, within(-1000, 1000),
          "taken off log p for each token; negative: a reward for length");
  v.field("brevity_penalty", o.brevity_penalty, term_weight(),
          "weight of min(0, 1 - expected length / length) in the score");
  v.field("length_ratio", o.length_ratio, above_up_to(0, 100),
          "expected target tokens for a source token, for brevity_penalty");
  v.field("coverage_penalty", o.coverage_penalty, term_weight(),
          "weight of the sum of log min(1, attention that a source token got) in the score");
  v.field("early_stopping", o.early_stopping,
          "end of a search; never: all hypotheses have ended; exact: none that is open can become "
          "one of the best, which stay the same; first: as many as are shown have ended");
  v.field("max_length_factor", o.max_length_factor, above_up_to(0, 100),
          "longest translation: this times the source's tokens, plus 10");
  v.field("max_length", o.max_length, within(0, 10000),
          "longest translation in tokens, whatever the source; 0: as max_length_factor says");
  v.field("min_length_factor", o.min_length_factor, within(0, 100),
          "fewest tokens of a translation for a source token, as far as the longest allows");
  v.field("min_length", o.min_length, count_from(0),
          "fewest tokens of a translation, as far as the longest allows");
  v.field("shortlist", o.shortlist,
          "table of words (weft lexicon, or as Moses, Marian and fast_align write it), or the "
          "directory of an aligner, within the model's directory: weft translate and weft serve "
          "search among the tokens that it gives a line; empty: all");
  v.field("shortlist_first", o.shortlist_first, count_from(0),
          "most frequent target tokens that every line's shortlist has");
  v.field("shortlist_best", o.shortlist_best, count_from(1),
          "likeliest translations of each source word and piece that a shortlist has");
  v.field("max_source_length", o.max_source_length, batch_size(),
          "tokens; a longer line is translated as far as this, and reported");
  v.field("batch_sentences", o.batch_sentences, batch_size(), "sentences decoded together");
  v.field("batch_tokens", o.batch_tokens, batch_size(), "padded source tokens decoded together");
  v.field("precision", o.precision,
          "precision of matrix products in search, where the processor has fast ones; otherwise "
          "float32");
  v.field("alignment_shift", o.alignment_shift, within(-1, 1),
          "alignments show the attention of a step for the token this many after the one it "
          "predicts; training chooses if it has links to choose by");
  v.field("alignment_from", o.alignment_from,
          "what alignments are made from: the attention of translating, the alignment head, the "
          "word aligner, or combined: the head (without one, attention) and the aligner together");
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
