#pragma once
// What the recurrent kernels share: how a batch is cut into parts, and in which order steps come.

#include <torch/types.h>

#include <cstdint>
#include <initializer_list>

#include "kernels/cell_sequence.h"

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

/// What tells the shapes of one cell from those of another.
struct CellKind {
  int64_t gates;         ///< blocks of H units
  int64_t state_blocks;  ///< likewise
  const char* name;      ///< of the function, for messages
};

/// Throws c10::Error on shapes that do not match.
inline SequenceSizes sizes_of(const CellSequence& s, Direction direction, const CellKind& kind) {
  const SequenceSizes n{s.input_gates.size(0), s.input_gates.size(1), s.weight_hh.size(1),
                        direction};
  const int64_t gates = kind.gates * n.hidden;
  TORCH_CHECK(
      s.input_gates.size(2) == gates && s.weight_hh.size(0) == gates && s.bias_hh.numel() == gates,
      kind.name, ": expected ", kind.gates, " gates of ", n.hidden, " units, found gates ",
      s.input_gates.sizes(), ", weight ", s.weight_hh.sizes());
  TORCH_CHECK(s.initial.sizes() == torch::IntArrayRef({n.batch, kind.state_blocks * n.hidden}),
              kind.name, ": initial state is ", s.initial.sizes());
  TORCH_CHECK(s.mask.sizes() == torch::IntArrayRef({n.batch, n.steps}) &&
                  s.mask.scalar_type() == torch::kBool,
              kind.name, ": mask is ", s.mask.sizes(), " ", s.mask.scalar_type());
  return n;
}

inline CellSequence contiguous(const CellSequence& s) {
  return {s.input_gates.contiguous(), s.initial.contiguous(), s.weight_hh.contiguous(),
          s.bias_hh.contiguous(), s.mask.contiguous()};
}

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
