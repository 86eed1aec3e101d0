#pragma once

#include "train/optimizer.h"

namespace weft {

/// Adafactor. Shazeer & Stern 2018 (arXiv:1804.04235), algorithms 4 and 5 without momentum, with
/// the constants of section 9: ε₁ = 10^-30, ε₂ = 10^-3, d = 1, β̂₂ = 1 - t^-0.8. The schedule's rate
/// is the relative step size ρ.
///   α = max(ε₂, RMS(θ)) ρ
///   r = β̂₂ r + (1 - β̂₂) (sums of the rows of g² + ε₁),  c likewise of the columns
///   u = g / sqrt(r c / Σr),   θ = θ - α u / max(1, RMS(u) / d)
/// A matrix of N rows and M columns takes N + M numbers of state; a vector keeps v whole, in place
/// of r c / Σr.
class Adafactor : public Optimizer {
 public:
  Adafactor(const NamedTensors& parameters, const NamedTensors& averages,
            const OptimizerOptions& options);

 private:
  void move(const std::vector<Slot*>& slots, const Move& move) override;
  /// u before it is clipped; the state follows.
  static torch::Tensor direction(Slot& slot, const torch::Tensor& gradient, double decay);
};

}  // namespace weft
