#pragma once
// What the recurrent kernels share: how a batch is cut into parts, and in which order steps come.

#include <torch/types.h>

#include <cstdint>
#include <initializer_list>

#include "kernels/direction.h"

namespace weft::kernels {

struct SequenceSizes {
  int64_t batch;
  int64_t steps;
  int64_t hidden;
  Direction direction;
  /// Index of a sentence's step in an array [B, S].
  int64_t cell(int64_t sentence, int64_t step) const { return sentence * steps + step; }
  /// The step read as the k-th.
  int64_t position(int64_t k) const { return direction == Direction::kForward ? k : steps - 1 - k; }
};

/// Sentences of a batch that one thread takes through all steps: no thread waits for another, and
/// the parts do not depend on the number of threads. At most 16 rows a product run as fast as more.
inline int64_t sentence_parts(int64_t sentences) {
  constexpr int64_t kMostRows = 16;
  if (sentences < 8) return 1;
  return 2 * ((sentences + 2 * kMostRows - 1) / (2 * kMostRows));
}

/// True where autograd would record an operation on these.
inline bool needs_gradient(std::initializer_list<torch::Tensor> tensors) {
  if (!torch::GradMode::is_enabled()) return false;
  for (const auto& tensor : tensors) {
    if (tensor.requires_grad()) return true;
  }
  return false;
}

}  // namespace weft::kernels
