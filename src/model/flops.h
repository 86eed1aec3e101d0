#pragma once
// How much arithmetic the mathematics of a model needs, however it is computed.

#include <cstdint>

namespace weft {

/// What a model has worked on. Tokens include the end of sentence, padding is none.
struct Workload {
  int64_t sentences = 0;
  int64_t source_tokens = 0;
  int64_t target_tokens = 0;  ///< in a search: steps, of all hypotheses together
  int64_t pairs = 0;          ///< Σ source tokens · target tokens of every sentence

  /// A sentence with so many tokens.
  void add(int64_t source, int64_t target) {
    ++sentences;
    source_tokens += source;
    target_tokens += target;
    pairs += source * target;
  }
};

/// Floating-point operations of a forward pass: two (a multiplication and an addition) for every
/// multiply-add of its matrix products, vector products included. Everything that grows no faster
/// than the states is left out (activations, softmax, biases, looking up embeddings), and so is
/// padding. The shapes' letters are those of translation_model.h.
struct ModelFlops {
  double per_sentence = 0;            ///< the initial state from the summary: C -> L·H
  double per_source_token = 0;        ///< all cells of the encoder, and the attention's keys
  double per_target_token = 0;        ///< cells, query, readout and the logits of V tokens
  double per_source_target_pair = 0;  ///< an energy (A) and a summand of the context (C)

  /// Of a forward pass: scoring, searching.
  double forward(const Workload& work) const {
    return per_sentence * static_cast<double>(work.sentences) +
           per_source_token * static_cast<double>(work.source_tokens) +
           per_target_token * static_cast<double>(work.target_tokens) +
           per_source_target_pair * static_cast<double>(work.pairs);
  }

  /// Of an update. Every product y = W x of the forward pass is followed by two of its size in the
  /// backward pass, Wᵀ dy and dy xᵀ. The optimizer has none.
  double update(const Workload& work) const { return 3 * forward(work); }
};

}  // namespace weft
