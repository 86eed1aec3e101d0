#pragma once
// The one description of a config: every key, its rule and its help, in the order of a dump; those
// of data, models and training are in files of their own.
// A field of an option struct gets one line here; reading, writing, listing and comparing follow.
//
// A visitor has
//   field(name, value, [rule,] help)   one key; rules are in config/rules.h
//   section(name, options)             a map of keys, described by its own visit()

#include "config/config.h"
#include "config/data_schema.h"
#include "config/model_schema.h"
#include "config/rules.h"
#include "config/training_schema.h"

namespace weft {

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
