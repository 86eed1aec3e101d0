#pragma once
// Label-smoothed cross entropy of one token; the equations are in smoothed_cross_entropy.h.

#include <cstdint>

namespace weft::kernels {

struct CrossEntropyRow {
  float* logits;      ///< [V] W x; overwritten
  const float* bias;  ///< [V]
  int64_t vocabulary;
  int64_t target;  ///< in [0, V)
  double smoothing;
};

/// Nats.
struct TokenLoss {
  double loss;
  double negative_log_likelihood;
};

/// Leaves W x + b in `logits`.
TokenLoss cross_entropy_row(const CrossEntropyRow& row);

/// Leaves the gradient of the loss with respect to the logits in `logits`:
///   softmax(l)_v - ε/V - (1 - ε) [v = y]
TokenLoss cross_entropy_gradient_row(const CrossEntropyRow& row);

}  // namespace weft::kernels
