#pragma once
// The optimiser.

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "config/training_options.h"
#include "model/named_tensors.h"

namespace weft {

/// Adam. Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1, with the gradient g scaled down to a
/// maximal norm first:
///   m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
///   θ = θ - η · m / (1 - β₁^t) / (sqrt(v / (1 - β₂^t)) + ε)
class Adam {
 public:
  Adam(NamedTensors parameters, const OptimizerOptions& options);

  /// The 2-norm of all gradients together.
  double gradient_norm() const;
  /// One update with `rate` = η; `norm` is gradient_norm(). Gradients are cleared.
  void step(double rate, double norm);
  /// Clears the gradients without an update.
  void skip();

  /// The moments, as "m.NAME" and "v.NAME"; they share memory with the optimiser.
  NamedTensors state() const;
  int64_t updates() const { return updates_; }
  /// Goes on after `updates` updates; the moments are loaded through state().
  void set_updates(int64_t updates) { updates_ = updates; }

 private:
  struct Slot {
    std::string name;
    torch::Tensor parameter, mean, variance;
  };
  std::vector<Slot> slots_;
  OptimizerOptions options_;
  int64_t updates_ = 0;
};

}  // namespace weft
