#pragma once
// Texts, items and vocabularies: their keys, rules and help. See config/schema.h.

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
  v.field("feature_cache", o.feature_cache,
          "folder that keeps what networks make of pictures from run to run; empty: with the model "
          "in training");
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

}  // namespace weft
