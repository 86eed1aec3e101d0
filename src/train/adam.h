#pragma once

#include "train/optimizer.h"

namespace weft {

/// Adam. Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1:
///   m = β₁ m + (1 - β₁) g,   v = β₂ v + (1 - β₂) g²
///   θ = θ - η · m / (1 - β₁^t) / (sqrt(v / (1 - β₂^t)) + ε)
/// AdamW, Loshchilov & Hutter 2019 (arXiv:1711.05101), algorithm 2, takes η λ θ off θ first.
///
/// Averages are kept by the same kernel: alone they would take one more pass over the weights,
/// which memory, not arithmetic, pays for.
class Adam : public Optimizer {
 public:
  Adam(const NamedTensors& parameters, const NamedTensors& averages,
       const OptimizerOptions& options);
  void set_updates(int64_t updates) override;

 private:
  void move(const std::vector<Slot*>& slots, const Move& move) override;
  /// On a GPU.
  bool steps_unseen() const override;
  void move_unseen(const std::vector<Slot*>& slots, const UnseenMove& move) override;
  bool moves_averages() const override { return true; }

  torch::Tensor unseen_updates_;  // t of move_unseen(), where the parameters are
};

}  // namespace weft
