#pragma once
// Additive attention of one query over one sentence; nothing of size S x A is written.

#include <cstdint>

namespace weft::kernels {

struct AttentionRow {
  const float* query;        ///< [A] W q
  const float* keys;         ///< [S, A] U h_j + b
  const float* energy;       ///< [A] v
  const float* annotations;  ///< [S, C] h_j
  const bool* mask;          ///< [S] true at tokens
  int64_t positions;         ///< S
  int64_t width;             ///< A
  int64_t annotation_width;  ///< C
};

/// weights [S] = softmax over the tokens of v^T tanh(query + key_j), 0 elsewhere; context [C] =
/// their mean of the annotations. With no token at all both are 0.
void attention_forward_row(const AttentionRow& row, float* weights, float* context);

struct AttentionRowGradient {
  const float* weights;           ///< [S] from the forward pass
  const float* context_gradient;  ///< [C] dL/dc
  const float* weight_gradient;   ///< [S] dL/dα beside what comes through c
  float* energies;                ///< [S] scratch
  float* query;                   ///< [A] out
  float* keys;                    ///< [S, A] added to
  float* energy;                  ///< [A] added to
};
void attention_backward_row(const AttentionRow& row, const AttentionRowGradient& gradient);

/// y [count] += a x
void add_scaled(float a, const float* x, float* y, int64_t count);

}  // namespace weft::kernels
