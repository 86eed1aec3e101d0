#pragma once
// Models: their keys, rules and help. See config/schema.h.

#include "config/config.h"
#include "config/rules.h"

namespace weft {

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

}  // namespace weft
