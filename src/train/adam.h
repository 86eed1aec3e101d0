#pragma once
// The optimiser.

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "config/training_options.h"
#include "kernels/adam_step.h"
#include "model/named_tensors.h"

namespace weft {

/// What changes from update to update.
struct AdamStep {
  double rate = 0;           ///< η, the learning rate
  double gradient_norm = 0;  ///< as gradient_norm() gave it
  double average_decay = 0;  ///< d, of the averaged weights; see WeightAverage
};

/// Adam. Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1, with the gradient g scaled down to a
/// maximal norm first, and averaged weights a kept in the same pass:
///   m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
///   θ = θ - η · m / (1 - β₁^t) / (sqrt(v / (1 - β₂^t)) + ε),   a = d a + (1 - d) θ
class Adam {
 public:
  /// `averages` has a tensor for every parameter, or none.
  Adam(const NamedTensors& parameters, const NamedTensors& averages,
       const OptimizerOptions& options);

  /// The 2-norm of all gradients together.
  double gradient_norm() const;
  /// One update. Gradients are cleared.
  void step(const AdamStep& step);
  /// Clears the gradients without an update.
  void clear_gradients();

  /// The moments, as "m.NAME" and "v.NAME"; they share memory with the optimiser.
  NamedTensors state() const;
  int64_t updates() const { return updates_; }
  /// Goes on after `updates` updates; the moments are loaded through state().
  void set_updates(int64_t updates) { updates_ = updates; }

 private:
  struct Slot {
    std::string name;
    torch::Tensor parameter, mean, variance, average;
  };
  static void plain_step(const std::vector<kernels::AdamTensors>& tensors,
                         const kernels::AdamCoefficients& coefficients);

  std::vector<Slot> slots_;
  OptimizerOptions options_;
  int64_t updates_ = 0;
};

}  // namespace weft
